import Cryptography
import StrictJSON

/// Verifies tokens against one key ring.
///
/// A pure function of token, ring, revocations and time: no clock, no log, no input or output. It
/// keeps buffers and libcrypto's contexts from call to call and so belongs to one event loop; each
/// loop has its own.
package final class TokenVerifier {
    /// In one piece, so that a token asks once for the right to change it.
    private var state: State

    package init(keyRing: KeyRing) {
        state = State(keyRing: keyRing)
    }

    /// What is refused whatever its signature and claims.
    package var revocations: RevocationTables {
        get { state.revocations }
        _modify { yield &state.revocations }
    }

    /// Verifies against another ring from now on. The revocations stay, and so does what has been
    /// prepared for keys that both rings hold.
    package func use(_ ring: KeyRing) { state.use(ring) }

    /// Whether a token that was verified before has been revoked since.
    package func isRevoked(_ token: VerifiedToken) -> Bool { state.isRevoked(token) }

    /// Verifies a token as it stands in the request, without the scheme.
    ///
    /// The order of the checks is that of their cost, and nothing that the sender chose is used
    /// before it has been found in a list of ours.
    /// - Parameters:
    ///   - token: a compact JWS (RFC 7515 § 7.1).
    ///   - now: Unix seconds.
    /// - Returns: the proof that this token may be relied on at `now`.
    /// - Throws: `TokenRejection` with the first check that failed.
    package func verify(
        _ token: Span<UInt8>, now: Int64
    ) throws(TokenRejection) -> VerifiedToken {
        try state.verify(token, now: now)
    }

    /// Takes a token apart and verifies its signature under the keys of an issuer. This is the JWS
    /// layer alone: it does not look at what the payload says.
    func checkSignature(_ token: Span<UInt8>, issuerIndex: Int) throws(TokenRejection) {
        let unverified = try state.read(token)
        _ = try state.checkSignature(token, unverified, issuerIndex: issuerIndex)
    }

    /// How many headers of genuine tokens are remembered.
    var checkedHeaderCount: Int { state.checkedHeaders.count }

    /// What it takes to make a `VerifiedToken`: nobody else can make one.
    struct Proof: ~Copyable {
        fileprivate init() {}
    }
}

@available(*, unavailable)
extension TokenVerifier: Sendable {}

/// What a verifier has from call to call.
private struct State {
    var revocations = RevocationTables()
    private var keyRing: KeyRing
    /// By issuer and key, as in the ring.
    private var keys: [[PreparedKey]]
    private(set) var checkedHeaders = CheckedHeaders()
    // The decoded parts of the token at hand. No part is longer than the token.
    private var header = [UInt8](repeating: 0, count: CompactToken.maximumByteCount)
    private var payload = [UInt8](repeating: 0, count: CompactToken.maximumByteCount)
    private var signature = [UInt8](repeating: 0, count: CompactToken.maximumByteCount)
    private var workspace = JSONWorkspace()

    init(keyRing: KeyRing) {
        self.keyRing = keyRing
        keys = keyRing.issuers.map { issuer in
            issuer.keys.map { PreparedKey($0, of: issuer) }
        }
    }

    mutating func use(_ ring: KeyRing) {
        var prepared: [UInt64: PreparedKey] = [:]
        for key in keys.joined() { prepared[key.source.keyEpoch] = key }
        keys = ring.issuers.map { issuer in
            issuer.keys.map { PreparedKey($0, of: issuer, keeping: prepared[$0.epoch]) }
        }
        keyRing = ring
        checkedHeaders = CheckedHeaders()
    }

    func isRevoked(_ token: VerifiedToken) -> Bool {
        !revocations.isEmpty && revocations.holds(token)
    }

    mutating func verify(
        _ token: Span<UInt8>, now: Int64
    ) throws(TokenRejection) -> VerifiedToken {
        if let known = findKnown(token), let verified = try verify(token, known, now: now) {
            return verified
        }
        let unverified = try read(token)
        let issuerIndex = try chooseIssuer(payloadCount: unverified.payloadCount)
        let source = try checkSignature(token, unverified, issuerIndex: issuerIndex)
        return try checkClaims(payloadCount: unverified.payloadCount, source, now: now)
    }

    /// The header of the token, if a genuine one had it before.
    private func findKnown(_ token: Span<UInt8>) -> CheckedHeader? {
        guard token.count <= CompactToken.maximumByteCount else { return nil }
        // Behind that there is none that was kept: garbage is not gone through twice.
        let front = token.extracting(first: min(token.count, CheckedHeaders.maximumByteCount + 1))
        guard let firstDot = front.firstIndex(of: CompactToken.dot, from: 0) else { return nil }
        return checkedHeaders.find(token.extracting(0..<firstDot))
    }

    /// The short way of a token with a header that a genuine one of the same issuer had. It leaves out
    /// what follows from the header alone.
    /// - Returns: nil when it leads nowhere, and the long way will tell why.
    private mutating func verify(
        _ token: Span<UInt8>, _ known: CheckedHeader, now: Int64
    ) throws(TokenRejection) -> VerifiedToken? {
        // A third dot would be between the two, and be no base64url.
        guard let secondDot = token.lastIndex(of: CompactToken.dot), secondDot > known.byteCount
        else { return nil }
        let parts = CompactToken(byteCount: token.count, dots: known.byteCount, secondDot)
        guard let count = Base64URL.decode(token.extracting(parts.payload), into: &payload) else {
            return nil
        }
        // `iss` is compared in any case once the signature holds. Only where a signature is dear, it
        // is looked for before.
        let looksFirst = !known.verifier.isCode
        if looksFirst {
            guard try chooseIssuer(payloadCount: count) == known.issuerIndex else { return nil }
        }
        if !revocations.isEmpty { try checkIsNotRevoked(known.header, known.key.source.issuer) }
        let signatureCount = try decodeSignature(token.extracting(parts.signature))
        guard
            known.verifier.isValid(
                signature: signature.span.extracting(first: signatureCount),
                message: token.extracting(parts.signedRange))
        else {
            if !looksFirst {
                guard try chooseIssuer(payloadCount: count) == known.issuerIndex else { return nil }
            }
            throw TokenRejection(.signature, Self.wrongSignature)
        }
        do throws(TokenRejection) {
            return try checkClaims(payloadCount: count, known.key.source, now: now)
        } catch {
            // Another issuer's name under this one's secret: the reason is the one that it always has.
            guard looksFirst || error.reason != .issuer else { return nil }
            throw error
        }
    }

    /// What remains to be done once the signature holds.
    private mutating func checkClaims(
        payloadCount: Int, _ source: TokenSource, now: Int64
    ) throws(TokenRejection) -> VerifiedToken {
        let claims = Claims(try readClaims(payloadCount: payloadCount))
        let findings: ClaimRules.Findings
        do throws(TokenRejection) {
            findings = try ClaimRules.check(claims, of: source.issuer, now: now)
        } catch {
            throw error.ofToken(claims.object)
        }
        let verified = VerifiedToken(
            TokenVerifier.Proof(), source: source, findings: findings, claims: claims.object)
        guard !isRevoked(verified) else {
            throw TokenRejection(.revoked, "the token, its session or its account was revoked")
                .ofToken(verified.claimSet)
        }
        return verified
    }

    /// Takes a token apart: its header is checked, its payload decoded into the scratch space.
    mutating func read(_ token: Span<UInt8>) throws(TokenRejection) -> UnverifiedToken {
        let parts = try CompactToken(token)
        let header = try TokenHeader(
            base64URL: token.extracting(parts.header), scratch: &header, workspace: &workspace)
        guard let count = Base64URL.decode(token.extracting(parts.payload), into: &payload) else {
            throw TokenRejection(.malformed, "the payload is not base64url")
        }
        return UnverifiedToken(parts: parts, header: header, payloadCount: count)
    }

    /// The configured issuer that the token claims to be from. This only chooses which rules and
    /// keys to check with; the claim is compared again once the signature holds.
    private func chooseIssuer(payloadCount: Int) throws(TokenRejection) -> Int {
        let index: Int?
        do throws(JSONError) {
            index = try JSONReader.peekIndex(
                of: .issuer, in: payload.span.extracting(first: payloadCount),
                limits: .payload, among: keyRing.issuerTexts)
        } catch {
            throw TokenRejection(.malformed, "the payload is not a JSON object")
        }
        guard let index else {
            throw TokenRejection(.issuer, "`iss` names no configured issuer")
        }
        return index
    }

    /// What the issuer's rules say about a header.
    private func checkHeader(
        _ header: TokenHeader, against rules: IssuerRules
    ) throws(TokenRejection) {
        guard rules.algorithms.contains(header.algorithm) else {
            throw TokenRejection(.algorithm, "the issuer's rules do not allow the algorithm")
        }
        if rules.tokenTypes.isEmpty {
            guard !header.hasForeignType else {
                throw TokenRejection(.type, "`typ` names another kind of token")
            }
        } else {
            guard let type = header.type,
                rules.tokenTypes.contains(where: { $0.hasSameBytes(as: type) })
            else {
                throw TokenRejection(.type, "`typ` is not what the issuer's rules ask for")
            }
        }
    }

    /// Finds the issuer's key that the header asks for and verifies the signature with it. This is
    /// the JWS layer: it does not look at what the payload says.
    mutating func checkSignature(
        _ token: Span<UInt8>, _ unverified: UnverifiedToken, issuerIndex: Int
    ) throws(TokenRejection) -> TokenSource {
        let header = unverified.header
        let issuer = keyRing.issuers[issuerIndex]
        try checkHeader(header, against: issuer.rules)
        if !revocations.isEmpty { try checkIsNotRevoked(header, issuer) }
        let text = token.extracting(unverified.parts.signature)
        let candidates = try issuer.candidates(for: header, signature: text)
        let count = try decodeSignature(text)
        let message = token.extracting(unverified.parts.signedRange)
        for index in candidates {
            let key = keys[issuerIndex][index]
            // A token that names a denied key was refused above.
            guard
                !revocations.holdsKey(issuerName: issuer.rules.name, keyID: key.source.keyID),
                let verifier = key.verifier(for: header.algorithm),
                verifier.isValid(
                    signature: signature.span.extracting(first: count), message: message)
            else { continue }
            // One that names no key could be signed with another next time.
            if header.keyID != nil {
                checkedHeaders.insert(
                    token.extracting(unverified.parts.header), header, issuerIndex: issuerIndex,
                    key: key, verifier: verifier)
            }
            return key.source
        }
        // A token that names no key may be signed with one that the issuer has added since.
        throw TokenRejection(
            .signature, Self.wrongSignature,
            missingKey: header.keyID == nil ? issuer.missingKey(header, text) : nil)
    }

    private static let wrongSignature: StaticString = "the signature is not one of the issuer's key"

    private func checkIsNotRevoked(
        _ header: TokenHeader, _ issuer: KeyRing.Issuer
    ) throws(TokenRejection) {
        if let keyID = header.keyID,
            revocations.holdsKey(issuerName: issuer.rules.name, keyID: keyID)
        {
            throw TokenRejection(.revoked, "the key was revoked")
        }
    }

    private mutating func decodeSignature(
        _ text: Span<UInt8>
    ) throws(TokenRejection) -> Int {
        guard let count = Base64URL.decode(text, into: &signature) else {
            throw TokenRejection(.malformed, "the signature is not base64url")
        }
        return count
    }

    private static func readObject(
        _ bytes: [UInt8], count: Int, _ workspace: inout JSONWorkspace
    ) throws(JSONError) -> JSONObject {
        try workspace.readObject(bytes.span.extracting(first: count), limits: .payload)
    }

    private mutating func readClaims(payloadCount: Int) throws(TokenRejection) -> JSONObject {
        do throws(JSONError) {
            return try Self.readObject(payload, count: payloadCount, &workspace)
        } catch {
            if error.reason == .notAnObject {
                throw TokenRejection(.malformed, "the payload is not an object")
            }
            throw error.isSizeLimit
                ? TokenRejection(.tooLarge, "the payload exceeds a size limit")
                : TokenRejection(.malformed, "the payload is not strict JSON")
        }
    }
}

/// A token that is well-formed so far, and about which nothing else is known.
private struct UnverifiedToken {
    let parts: CompactToken
    let header: TokenHeader
    /// How many bytes of the scratch space the decoded payload takes.
    let payloadCount: Int
}
