import StrictJSON
import TokenVerification

/// A configured secret as an issuer would hand it over: one symmetric JWK (RFC 7517 § 4).
enum SecretKeySet {
    static func make(_ secret: [UInt8], keyID: String) throws -> KeySet {
        let key =
            #"{"kty":"oct","kid":"\#(keyID)","k":"\#(Base64URL.encodeToString(secret.span))"}"#
        return try KeySet(secret: Array(key.utf8).span)
    }
}
