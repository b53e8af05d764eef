internal import AccessPolicy
internal import Admission
internal import TokenVerification

/// The assertions of one event loop: by whose rule, with which key, and those that have been signed.
struct IdentityAssertions {
    private var rule: AssertionRule?
    // What each request asks of the rule, without counting references.
    private var isWanted = false
    private var isBound = false
    /// The header's name with colon and space.
    private var lineStart: [UInt8] = []
    private var signer: (any AssertionSigning)?
    private var cache: AssertionCache

    init(
        rule: AssertionRule?, signer: (any AssertionSigning)?,
        cache: AssertionCache = AssertionCache()
    ) {
        self.cache = cache
        self.signer = signer
        use(rule)
    }

    /// By another policy's rule from now on. Whoever was known under the policy before is not known any more.
    mutating func use(_ rule: AssertionRule?) {
        self.rule = rule
        isWanted = rule != nil
        isBound = rule?.bindings.isEmpty == false
        lineStart = rule.map { Array("\($0.header): ".utf8) } ?? []
        cache.removeAll()
    }

    /// With another key from now on.
    mutating func use(_ signer: (any AssertionSigning)?) {
        self.signer = signer
        cache.removeAll()
    }

    mutating func sweep(now: Int64) { cache.sweep(now: now) }

    /// The header line for a request at `now`, in Unix seconds; empty where the policy asks for none, and for
    /// requests of which the app is not told who asks. Throws where the policy asks for one and it cannot
    /// be had: the request must not be forwarded then.
    @inline(__always)
    mutating func line(
        for permit: borrowing Permit, now: Int64
    ) throws(AssertionFailure) -> [UInt8] {
        guard isWanted, let bearer = permit.bearer else { return [] }
        if !isBound, let line = cache.line(of: bearer, now: now) { return line }
        return try sign(permit, bearer, now)
    }

    private mutating func sign(
        _ permit: borrowing Permit, _ bearer: KnownBearer, _ now: Int64
    ) throws(AssertionFailure) -> [UInt8] {
        guard let rule else { return [] }
        guard let signer else { throw AssertionFailure("there is no key for assertions") }
        // No longer than the token that it is about counts; that is asked of each request, so that it is
        // never past.
        let expiry = min(now + rule.lifetime, max(bearer.token.usableUntil, now + 1))
        let order = AssertionOrder(
            principal: bearer.principal, issuedAt: now, expiresAt: expiry,
            request: rule.bindings.map { ($0, permit.request.value($0)) })
        let line = lineStart + (try signer.sign(order)) + Self.lineEnd
        if !isBound {
            // What is sent is good for half its lifetime at least, or for as long as the token.
            cache.insert(
                line, of: bearer, usableUntil: now + max(1, rule.lifetime / 2), now: now)
        }
        return line
    }

    private static let lineEnd = Array("\r\n".utf8)
}

extension CanonicalRequest {
    /// As the app receives it.
    fileprivate func value(_ binding: AssertionRule.Binding) -> String {
        switch binding {
        case .method: "\(method.wireName)"
        case .host: String(decoding: text[authorityRange], as: UTF8.self)
        case .path: String(decoding: path.bytes, as: UTF8.self)
        }
    }
}
