import Cryptography
package import StrictJSON

/// Signs what the gateway tells the app about whoever it lets in: a JWT (RFC 7519) of a type of its own,
/// with keys of their own, so that nothing which expects an access token takes it for one.
package struct AssertionMint: Sendable {
    /// The `typ` of the header (RFC 8725 § 3.11).
    package static let type = "ostiary-assertion+jwt"

    private let signingKey: SigningKey
    /// In base64url, with the dot behind it.
    private let header: [UInt8]
    private let issuer: JSONMember
    private let audience: JSONMember

    /// `issuer` is the `iss` claim, the gateway's public URL; `audience` the `aud` claim, the app's name.
    package init(issuer: String, audience: String, signingKey: SigningKey) {
        self.signingKey = signingKey
        self.issuer = .text("iss", issuer)
        self.audience = .text("aud", audience)
        let header = JSONWriter.write(
            .object([
                .text("typ", Self.type), .text("alg", signingKey.algorithm.rawValue),
                .text("kid", signingKey.keyID),
            ]))
        self.header = Base64URL.encode(header.span) + [UInt8(ascii: ".")]
    }

    /// - Parameters:
    ///   - claims: `sub` and what else is said; none of them `iss`, `aud`, `iat` or `exp`.
    ///   - issuedAt: Unix seconds, the `iat` claim.
    ///   - expiresAt: Unix seconds, the `exp` claim.
    /// - Returns: the compact form (RFC 7515 § 7.1).
    /// - Throws: `MintError.tooLarge` for one that no app could be expected to read in a header.
    package func mint(
        _ claims: [JSONMember], issuedAt: Int64, expiresAt: Int64
    ) throws(MintError) -> [UInt8] {
        let times: [JSONMember] = [.number("iat", issuedAt), .number("exp", expiresAt)]
        let payload = JSONWriter.write(.object([issuer, audience] + claims + times))
        guard payload.count <= Self.maximumPayload else { throw .tooLarge }
        var text = header + Base64URL.encode(payload.span)
        let signature: [UInt8]
        do throws(KeyError) {
            signature = try signingKey.sign(text.span)
        } catch {
            throw .signing(error)
        }
        text.append(UInt8(ascii: "."))
        text += Base64URL.encode(signature.span)
        return text
    }

    /// In base64url and with header and signature, about 5.8 KiB: less than the 8 KiB that many servers
    /// allow for one line.
    private static let maximumPayload = 4 * 1024
}
