import StrictJSON

/// What has been revoked while tokens of it may still be unexpired. Belongs to one event loop, like
/// the verifier that asks it.
///
/// An entry is needed only until the last of its tokens has expired, so there are never more than
/// revocations within one token lifetime; only keys stay.
package struct RevocationTables {
    private var sessions: [SessionID: Int64] = [:]
    private var userVersions: [ExactText: UserVersion] = [:]
    private var tokens: [OfIssuer: Int64] = [:]
    private var keys: Set<OfIssuer> = []
    /// When the first entry can go; Unix seconds.
    private var earliest = Int64.max
    /// Kept rather than computed: it is asked for every request.
    package private(set) var isEmpty = true

    private struct UserVersion {
        var minimum: Int64
        var until: Int64
    }

    package init() {}

    /// Keeps the later end, and the higher version, of what is revoked already.
    package mutating func add(_ revocation: Revocation) {
        isEmpty = false
        switch revocation {
        case .session(let revocation):
            let end = max(sessions[revocation.session] ?? .min, revocation.until)
            sessions[revocation.session] = end
            earliest = min(earliest, end)
        case .userVersion(let subject, let minimum, let until):
            let subject = ExactText(subject)
            let old = userVersions[subject] ?? UserVersion(minimum: .min, until: .min)
            let new = UserVersion(
                minimum: max(old.minimum, minimum), until: max(old.until, until))
            userVersions[subject] = new
            earliest = min(earliest, new.until)
        case .key(let issuerName, let keyID):
            keys.insert(OfIssuer(issuerName, keyID))
        case .token(let issuerName, let tokenID, let until):
            let token = OfIssuer(issuerName, tokenID)
            let end = max(tokens[token] ?? .min, until)
            tokens[token] = end
            earliest = min(earliest, end)
        }
    }

    /// Whether the token is revoked by its session, its account's version, its key or its own name.
    package func holds(_ token: borrowing VerifiedToken) -> Bool {
        guard !isEmpty else { return false }
        // Only tables that hold something are asked: this is done for every request.
        if !sessions.isEmpty, let session = token.sessionID, sessions[session] != nil {
            return true
        }
        if !userVersions.isEmpty, token.isOwn, let revoked = userVersions[ExactText(token.subject)],
            token.userVersion.map({ $0 < revoked.minimum }) ?? true
        {
            return true
        }
        if !tokens.isEmpty, let tokenID = token.tokenID,
            tokens[OfIssuer(token.issuerName, tokenID)] != nil
        {
            return true
        }
        return holdsKey(issuerName: token.issuerName, keyID: token.keyID)
    }

    /// Whether tokens of that key are refused, whatever else they are.
    func holdsKey(issuerName: String, keyID: String) -> Bool {
        !keys.isEmpty && keys.contains(OfIssuer(issuerName, keyID))
    }

    /// Forgets what no unexpired token can be of any more; to be called now and then. `now` is Unix
    /// time in seconds.
    package mutating func forgetExpired(now: Int64) {
        guard now >= earliest else { return }
        sessions = sessions.filter { $0.value > now }
        userVersions = userVersions.filter { $0.value.until > now }
        tokens = tokens.filter { $0.value > now }
        isEmpty = count == 0
        // Not for every single one that follows: the pass goes over all of them.
        let next = [
            sessions.values.min(), tokens.values.min(), userVersions.values.lazy.map(\.until).min(),
        ].compactMap { $0 }.min()
        earliest = next.map { max($0, now + Self.passInterval) } ?? .max
    }

    /// Entries of all kinds.
    package var count: Int { sessions.count + userVersions.count + tokens.count + keys.count }

    /// Seconds from one pass over the entries to the next.
    private static let passInterval: Int64 = 5
}

/// A `kid` or `jti`, which means something only together with the issuer that gave it.
private struct OfIssuer: Hashable {
    let issuerName: ExactText
    let text: ExactText

    init(_ issuerName: String, _ text: String) {
        self.issuerName = ExactText(issuerName)
        self.text = ExactText(text)
    }
}

/// A text that equals another only byte for byte: canonically equivalent spellings, which are one and
/// the same to `String`, name different things.
private struct ExactText: Hashable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    /// That of the string: the same for the same bytes, and now and then for others too.
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
