import AccessPolicy
import Cryptography
import StrictJSON
import StrictYAML
import TokenIssuing

/// `ostiary token mint`: signs an access token.
package struct TokenMinting: Sendable {
    package var subject: String
    /// Roles of the configured policy; any name when both `keyFile` and `issuer` are set.
    package var roles: [String] = []
    /// Further claims as `name=json`.
    package var claims: [String] = []
    /// Nil: the public URL of the configuration.
    package var issuer: String?
    /// Empty: the audience that the policy's embedded issuer expects.
    package var audiences: [String] = []
    package var clientID = "ostiary"
    /// A number with a unit: `15m`, `1h`.
    package var lifetime = "1h"
    /// A private key file; nil: the newest key of the data folder, made when there is none.
    package var keyFile: String?
    /// The JWS name of the algorithm to sign with; nil: ES256, ES384, ES512, EdDSA or RS256, as the
    /// key's type has it.
    package var algorithm: String?
    package var sources: ConfigurationSources

    package init(subject: String, sources: ConfigurationSources) {
        self.subject = subject
        self.sources = sources
    }

    /// Returns the compact token. `now` is in Unix seconds.
    package func run(now: Int64) throws(CommandFailure) -> String {
        guard let lifetime = Quantity.duration(lifetime)?.components.seconds, lifetime > 0 else {
            throw CommandFailure(
                "--lifetime must be a length of time such as `15m` or `1h`, not `\(lifetime)`",
                status: .usage)
        }
        guard algorithm == nil || keyFile != nil else {
            throw CommandFailure(
                "--alg is for a key of --key; the data folder's keys have their algorithms",
                status: .usage)
        }
        let extraClaims = try parsedClaims()
        let signer = try signer(lifetime: lifetime)
        let request = TokenRequest(
            subject: subject, audience: audiences.isEmpty ? signer.audiences : audiences,
            clientID: clientID, roles: roles, lifetime: lifetime, extraClaims: extraClaims)
        let mint = TokenMint(issuer: signer.issuer, signingKey: signer.key)
        do throws(MintError) {
            return try mint.mint(request, now: now, randomness: SecureRandom.bytes(16))
        } catch {
            throw CommandFailure("no token: \(error)")
        }
    }

    private struct Signer {
        let key: SigningKey
        let issuer: String
        let audiences: [String]
    }

    private func signer(lifetime: Int64) throws(CommandFailure) -> Signer {
        if let keyFile, let issuer {
            return Signer(key: try key(in: keyFile), issuer: issuer, audiences: ["ostiary"])
        }
        let (trust, policy) = try CommandFailure.from { () throws(Diagnostics) in
            let trust = try sources.loadTrust()
            return (trust, try LoadedPolicy.load(trust.policy))
        }
        try checkRoles(policy)
        let embedded = policy.rules.issuers.first(where: \.embedded)
        let key: SigningKey
        if let keyFile {
            key = try self.key(in: keyFile)
        } else {
            guard let embedded else {
                throw CommandFailure(
                    "the policy \(policy.name) has no embedded issuer, so nothing would accept this "
                        + "token; name a key with --key and an issuer with --issuer")
            }
            guard lifetime <= embedded.maxLifetime else {
                let longest = Quantity.describe(.seconds(embedded.maxLifetime))
                throw CommandFailure(
                    "--lifetime is longer than the policy accepts, which is `\(longest)`")
            }
            key = try CommandFailure.from { () throws(Diagnostics) in
                try SigningKeyStore.open(trust.dataFolder).newest
            }
        }
        return Signer(
            key: key, issuer: issuer ?? trust.publicURL.description,
            audiences: embedded?.embeddedAudiences ?? ["ostiary"])
    }

    /// A role that the policy does not declare grants nothing, so it is a slip.
    private func checkRoles(_ policy: LoadedPolicy) throws(CommandFailure) {
        let declared = policy.rules.roleNames
        let lines = roles.filter { role in
            !declared.contains { $0.utf8.elementsEqual(role.utf8) }
        }.map { role in
            let advice = didYouMean(role, in: declared).map { "; \($0)" } ?? ""
            return "--role: the policy \(policy.name) declares no role `\(role)`\(advice)"
        }
        guard lines.isEmpty else { throw CommandFailure(lines) }
    }

    private func key(in path: String) throws(CommandFailure) -> SigningKey {
        let algorithm = try self.algorithm.map(KeyGeneration.algorithm(named:))
        do throws(FileProblem) {
            return try SigningKeyFile.read(path, algorithm: algorithm)
        } catch {
            throw CommandFailure("the key `\(path)` cannot be used: \(error)")
        }
    }

    private func parsedClaims() throws(CommandFailure) -> [JSONMember] {
        var members: [JSONMember] = []
        for claim in claims {
            guard let split = claim.firstIndex(of: "="), split != claim.startIndex else {
                throw CommandFailure(
                    "--claim must be `name=json`, not `\(claim)`", status: .usage)
            }
            let name = String(claim[..<split])
            let json = String(claim[claim.index(after: split)...])
            do throws(JSONError) {
                let value = try JSONReader.read(json.utf8.span, limits: .payload)
                members.append(JSONMember(name: name, value: value))
            } catch {
                throw CommandFailure(
                    "--claim \(name): `\(json)` is not JSON; "
                        + "text needs quotes: `--claim '\(name)=\"\(json)\"'`",
                    status: .usage)
            }
        }
        return members
    }
}
