import AccessPolicy
import KeyDiscovery
import Outbound
import TokenVerification

/// Whose tokens count for a command, by which rules and keys.
struct TokenTrust {
    struct Issuer {
        let rules: IssuerRules
        var keys: KeySet
    }

    /// With the keys that are known so far.
    private(set) var issuers: [Issuer]
    private(set) var keyRing: KeyRing
    private let sources: [KeySource]
    let denied: [Revocation]
    /// What claims mean; nil where no policy is asked.
    let policy: LoadedPolicy?
    /// What was not asked for, and so is not judged.
    let unjudged: [String]

    init(
        _ keys: VerificationKeys, policy: LoadedPolicy?, unjudged: [String] = []
    ) {
        issuers = keys.issuers.map { Issuer(rules: $0.rules, keys: $0.keys) }
        keyRing = keys.keyRing
        sources = keys.sources
        denied = keys.denied
        self.policy = policy
        self.unjudged = unjudged
    }

    /// What came of a token.
    struct Verdict {
        let result: Result<Accepted, Refused>
        /// What was fetched to come to it.
        var fetched: FetchedKeys?
        /// Why nothing was fetched although it was tried.
        var fetchProblem: String?
    }

    struct Accepted {
        let token: VerifiedToken
        /// Whom the policy sees; nil where none is asked.
        let principal: Principal?
    }

    struct Refused: Error {
        /// Nil when the policy, not the verifier, refuses.
        let reason: TokenRejection.Reason?
        let code: String
        let detail: String
    }

    /// Verifies a token. The keys of its issuer, and no others, are fetched when they are with another
    /// server and the token's header is worth it.
    mutating func judge(_ token: TokenText, now: Int64) async -> Verdict {
        do throws(TokenRejection) {
            return try verdict(token, now: now)
        } catch {
            guard let name = error.missingKey?.issuerName,
                let source = sources.first(where: { $0.issuerName == name }), source.isRemote
            else { return Verdict(result: .failure(Refused(error))) }
            do throws(KeyFetchError) {
                let fetched = try await Self.fetch(source)
                use(fetched.keys, of: name)
                var verdict = retried(token, now: now)
                verdict.fetched = fetched
                return verdict
            } catch let problem {
                return Verdict(
                    result: .failure(Refused(error)), fetchProblem: problem.description)
            }
        }
    }

    /// Fetches once, with a thread that goes away again.
    static func fetch(_ source: KeySource) async throws(KeyFetchError) -> FetchedKeys {
        let fetcher = CurlFetcher(threads: 1, queue: 1)
        defer { fetcher.stop() }
        switch source.location {
        case .keySet(let fetch): return try await KeyFetch.keySet(at: fetch, fetcher)
        case .discovery(let issuer, let template):
            return try await KeyFetch.discover(issuer: issuer, template, fetcher)
        case .files: throw KeyFetchError("files are read, not fetched")
        }
    }

    private mutating func use(_ keys: KeySet, of name: String) {
        keyRing = keyRing.replacing(issuerName: name, keys: keys, availability: .current)
        for index in issuers.indices where issuers[index].rules.name == name {
            issuers[index].keys = keys
        }
    }

    private func retried(_ token: TokenText, now: Int64) -> Verdict {
        do throws(TokenRejection) {
            return try verdict(token, now: now)
        } catch {
            return Verdict(result: .failure(Refused(error)))
        }
    }

    private func verdict(_ token: TokenText, now: Int64) throws(TokenRejection) -> Verdict {
        let verifier = TokenVerifier(keyRing: keyRing)
        for revocation in denied { verifier.revocations.add(revocation) }
        let verified = try verifier.verify(token.bytes.span, now: now)
        do throws(PrincipalRejection) {
            let principal = try policy?.rules.principal(
                issuerName: verified.issuerName, claims: verified.claimSet)
            return Verdict(result: .success(Accepted(token: verified, principal: principal)))
        } catch {
            let refused = Refused(reason: nil, code: error.code, detail: error.detail)
            return Verdict(result: .failure(refused))
        }
    }
}

extension TokenTrust.Refused {
    fileprivate init(_ rejection: TokenRejection) {
        self.init(reason: rejection.reason, code: rejection.code, detail: rejection.detail)
    }
}

extension KeySource {
    /// Whether the keys come from another server.
    var isRemote: Bool {
        if case .files = location { return false }
        return true
    }
}
