import Cryptography
import StrictJSON
import StrictYAML
import TokenVerification

/// `ostiary token inspect`: shows what a token says, and with keys whether it is valid.
package struct TokenInspecting: Sendable {
    /// What to verify with.
    package enum Verification: Sendable {
        case none
        /// A JWK set or a public key in PEM. Issuer and audience are not judged: nothing says which
        /// are right.
        case keyFile(String)
        /// The policy and the keys that `serve` would use.
        case configuration(ConfigurationSources)
    }

    package let verification: Verification

    package init(_ verification: Verification) { self.verification = verification }

    /// Lines for standard output, and whether the token may be used as far as this can tell.
    package struct Report: Sendable {
        package let lines: [String]
        package let isGood: Bool
    }

    /// Inspects a token, also one with white space around it or with `Bearer` before it. `now` is in
    /// Unix seconds.
    package func run(_ text: [UInt8], now: Int64) throws(CommandFailure) -> Report {
        let token = Self.stripped(text)
        guard !token.isEmpty else {
            throw CommandFailure("there is no token; pass it as an argument or on standard input")
        }
        let inspection = TokenInspection(token.span, now: now)
        guard let keyRing = try keyRing(for: token) else {
            return Report(lines: inspection.lines, isGood: inspection.problems.isEmpty)
        }
        do throws(TokenRejection) {
            let verified = try TokenVerifier(keyRing: keyRing).verify(token.span, now: now)
            let accepted = TokenInspection(
                token.span, now: now, acceptedLeeway: verified.usableUntil - verified.expiresAt)
            return Report(lines: [validity(verified)] + accepted.lines.dropFirst(), isGood: true)
        } catch {
            return Report(
                lines: ["not valid: \(error)"] + inspection.lines.dropFirst(), isGood: false)
        }
    }

    private func validity(_ token: VerifiedToken) -> String {
        if case .keyFile = verification {
            return "valid: the signature and the times are right; "
                + "issuer and audience were not judged (use --config for that)"
        }
        return "valid: accepted from the issuer `\(token.issuerName)`"
    }

    private func keyRing(for token: [UInt8]) throws(CommandFailure) -> KeyRing? {
        switch verification {
        case .none: return nil
        case .keyFile(let path): return try keyRing(of: path, for: token)
        case .configuration(let sources):
            return try CommandFailure.from { () throws(Diagnostics) in
                let trust = try sources.loadTrust()
                let policy = try LoadedPolicy.load(trust.policy)
                return try VerificationKeys.load(
                    policy: policy, trust: trust,
                    signingKeys: try trust.signingKeys(for: policy, making: false)
                ).keyRing
            }
        }
    }

    /// A ring that asks for nothing but the signature, the times and the form: what the token names
    /// as issuer, audience and key is taken as asked for.
    private func keyRing(of path: String, for token: [UInt8]) throws(CommandFailure) -> KeyRing {
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let header = parts.first.flatMap { Self.json($0, limits: .header) }
        let payload = parts.dropFirst().first.flatMap { Self.json($0, limits: .payload) }
        let keys: KeySet
        do throws(FileProblem) {
            keys = try KeyFile.read(path, keyID: header?["kid"]?.string)
        } catch {
            throw CommandFailure("the key file `\(path)` cannot be used: \(error)")
        }
        let rules = IssuerRules(
            name: "unjudged", issuer: payload?["iss"]?.string ?? "",
            audiences: payload?["aud"].map(Self.texts) ?? [],
            algorithms: Set(SignatureAlgorithm.allCases), maxLifetime: nil, allowMissingKeyID: true)
        return KeyRing(issuers: [(rules, keys)])
    }

    private static func texts(_ value: JSONValue) -> [String] {
        value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
    }

    private static func json(_ part: ArraySlice<UInt8>, limits: JSONLimits) -> JSONValue? {
        guard let bytes = Base64URL.decode(part.span) else { return nil }
        return try? JSONReader.read(bytes.span, limits: limits)
    }

    private static func stripped(_ text: [UInt8]) -> [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var token = text[...]
        while let last = token.last, isSpace(last) { token.removeLast() }
        token = token.drop(while: isSpace)
        let scheme = Array("bearer ".utf8)
        if token.prefix(scheme.count).map({ $0 | 0x20 }) == scheme {
            token = token.dropFirst(scheme.count).drop(while: isSpace)
        }
        return Array(token)
    }
}
