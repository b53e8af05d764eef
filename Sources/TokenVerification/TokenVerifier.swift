import Cryptography
package import StrictJSON

/// A token of which signature, issuer, audience and times have been verified: the proof of it.
///
/// Only `TokenVerifier.verify` makes one, in this file.
package final class VerifiedToken: Sendable {
    /// The issuer's name in the policy.
    package let issuerName: String
    /// The `iss` claim.
    package let issuer: String
    /// The `sub` claim: 1 to 255 bytes without control characters.
    package let subject: String
    /// The `kid` of the key that the signature was made with; empty when that key has none, which
    /// the issuer's rules must allow.
    package let keyID: String
    /// The epoch of that key: once the ring holds it no more, the token must be verified again.
    package let keyEpoch: UInt64
    /// The `exp` claim in Unix seconds, rounded down.
    package let expiresAt: Int64
    /// `exp` and the leeway: from this Unix second on the token is refused.
    package let usableUntil: Int64
    /// The session that the token was issued in, for tokens of the embedded issuer; nil for a token
    /// that was made by hand and for those of other issuers.
    package let sessionID: SessionID?
    /// The `uv` claim, the version of the account, of tokens of the embedded issuer.
    package let userVersion: Int64?
    /// Whether the embedded issuer made the token, or a command with its keys.
    package let isOwn: Bool
    /// The whole claims set.
    package let claimSet: JSONObject

    fileprivate init(
        rules: IssuerRules, key: PreparedKey, findings: ClaimRules.Findings, claims: JSONObject
    ) {
        issuerName = rules.name
        issuer = rules.issuer
        subject = findings.subject
        keyID = key.keyID
        keyEpoch = key.epoch
        expiresAt = findings.expiresAt
        usableUntil = findings.expiresAt + rules.leeway
        sessionID = findings.sessionID
        userVersion = findings.userVersion
        isOwn = rules.hasSessions
        claimSet = claims
    }

    /// The `jti` claim.
    package var tokenID: String? { claimSet[.tokenID]?.string }

    /// The whole claims set, an object: made anew at every call.
    package var claims: JSONValue { claimSet.value }
}

/// Verifies tokens against one key ring.
///
/// A pure function of token, ring, revocations and time: no clock, no log, no input or output. It
/// keeps buffers and libcrypto's contexts from call to call and so belongs to one event loop; each
/// loop has its own.
package final class TokenVerifier {
    /// What is refused whatever its signature and claims.
    package var revocations = RevocationTables()
    private var keyRing: KeyRing
    /// By issuer and key, as in the ring.
    private var keys: [[PreparedKey]]
    private(set) var checkedHeaders = CheckedHeaders()
    private var scratch: Scratch

    package init(keyRing: KeyRing) {
        self.keyRing = keyRing
        keys = keyRing.issuers.map { issuer in issuer.keys.map { PreparedKey($0) } }
        scratch = Scratch()
    }

    /// Verifies against another ring from now on. The revocations stay, and so does what has been
    /// prepared for keys that both rings hold.
    package func use(_ ring: KeyRing) {
        var prepared: [UInt64: PreparedKey] = [:]
        for key in keys.joined() { prepared[key.epoch] = key }
        keys = ring.issuers.map { issuer in
            issuer.keys.map { prepared[$0.epoch] ?? PreparedKey($0) }
        }
        keyRing = ring
        checkedHeaders = CheckedHeaders()
    }

    /// Whether a token that was verified before has been revoked since.
    package func isRevoked(_ token: VerifiedToken) -> Bool {
        !revocations.isEmpty && revocations.holds(token)
    }

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
        let unverified = try read(token)
        let issuerIndex = try chooseIssuer(unverified)
        let key = try checkSignature(token, unverified, issuerIndex: issuerIndex)
        let claims = try readClaims(unverified)
        let issuer = keyRing.issuers[issuerIndex]
        let findings: ClaimRules.Findings
        do throws(TokenRejection) {
            findings = try ClaimRules(issuer: issuer, now: now).check(claims)
        } catch {
            throw error.ofToken(claims)
        }
        let verified = VerifiedToken(
            rules: issuer.rules, key: key, findings: findings, claims: claims.detached())
        guard !isRevoked(verified) else {
            throw TokenRejection(.revoked, "the token, its session or its account was revoked")
                .ofToken(claims)
        }
        return verified
    }

    /// Takes a token apart: its header is checked, its payload decoded into the scratch space.
    func read(_ token: Span<UInt8>) throws(TokenRejection) -> UnverifiedToken {
        let parts = try CompactToken(token)
        let headerText = token.extracting(parts.header)
        let known = checkedHeaders.find(headerText)
        let header: TokenHeader
        if let known {
            header = known.header
        } else {
            header = try TokenHeader(base64URL: headerText, scratch: &scratch.header)
        }
        let payload = token.extracting(parts.payload)
        guard let payloadCount = Base64URL.decode(payload, into: &scratch.payload) else {
            throw TokenRejection(.malformed, "the payload is not base64url")
        }
        return UnverifiedToken(
            parts: parts, header: header, known: known, payloadCount: payloadCount)
    }

    /// The configured issuer that the token claims to be from. This only chooses which rules and
    /// keys to check with; the claim is compared again once the signature holds.
    private func chooseIssuer(_ token: UnverifiedToken) throws(TokenRejection) -> Int {
        let payload = scratch.payload
        let issuers = keyRing.issuers
        let index: Int?
        do throws(JSONError) {
            index = try JSONReader.peekIndex(
                of: .issuer, in: payload.span.extracting(first: token.payloadCount),
                limits: .payload, count: issuers.count
            ) { issuers[$0].rules.issuer }
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
    func checkSignature(
        _ token: Span<UInt8>, _ unverified: UnverifiedToken, issuerIndex: Int
    ) throws(TokenRejection) -> PreparedKey {
        let issuer = keyRing.issuers[issuerIndex]
        let header = unverified.header
        let known = unverified.known?.issuerIndex == issuerIndex ? unverified.known : nil
        if known == nil { try checkHeader(header, against: issuer.rules) }
        if !revocations.isEmpty, let keyID = header.keyID {
            guard !revocations.holdsKey(issuerName: issuer.rules.name, keyID: keyID) else {
                throw TokenRejection(.revoked, "the key was revoked")
            }
        }
        let text = token.extracting(unverified.parts.signature)
        let candidates =
            known == nil ? try issuer.candidates(for: header, signature: text) : []
        guard let count = Base64URL.decode(text, into: &scratch.signature) else {
            throw TokenRejection(.malformed, "the signature is not base64url")
        }
        let decoded = scratch.signature
        let signature = decoded.span.extracting(first: count)
        let message = token.extracting(unverified.parts.signedRange)
        if let known, known.verifier.isValid(signature: signature, message: message) {
            return known.key
        }
        for index in candidates {
            let key = keys[issuerIndex][index]
            // A token that names a denied key was refused above.
            guard !revocations.holdsKey(issuerName: issuer.rules.name, keyID: key.keyID),
                let verifier = key.verifier(for: header.algorithm),
                verifier.isValid(signature: signature, message: message)
            else { continue }
            // One that names no key could be signed with another next time.
            if header.keyID != nil {
                checkedHeaders.insert(
                    token.extracting(unverified.parts.header), header, issuerIndex: issuerIndex,
                    key: key, verifier: verifier)
            }
            return key
        }
        // A token that names no key may be signed with one that the issuer has added since.
        throw TokenRejection(
            .signature, "the signature is not one of the issuer's key",
            missingKey: header.keyID == nil ? issuer.missingKey(header, text) : nil)
    }

    private func readClaims(_ token: UnverifiedToken) throws(TokenRejection) -> JSONObject {
        do throws(JSONError) {
            return try JSONReader.readObject(
                scratch.payload, count: token.payloadCount, limits: .payload)
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

@available(*, unavailable)
extension TokenVerifier: Sendable {}

/// A token that is well-formed so far, and about which nothing else is known.
struct UnverifiedToken {
    let parts: CompactToken
    let header: TokenHeader
    /// The same header, when a genuine token had it before.
    let known: CheckedHeader?
    /// How many bytes of the scratch space the decoded payload takes.
    let payloadCount: Int
}

/// The decoded parts of the token at hand. No part is longer than the token.
private struct Scratch {
    var header = [UInt8](repeating: 0, count: CompactToken.maximumByteCount)
    var payload = [UInt8](repeating: 0, count: CompactToken.maximumByteCount)
    var signature = [UInt8](repeating: 0, count: CompactToken.maximumByteCount)
}
