import Foundation
import TestSupport
import Testing

/// The ways in which a token can bring a key, or the address of one, of the attacker's own.
enum KeyPointer: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case jwk, jwkWithoutKeyID, jku, x5u, x5c, issuerAddress, keyIDAddress

    var testDescription: String { rawValue }

    /// Root's claims, correctly signed by a key that only the attacker has.
    func token(url: String) throws -> String {
        let key = try TestKey.foreign(keyID: "test-es256")
        let start = #"{"typ":"at+jwt","alg":"ES256""#
        let withKeyID = start + #","kid":"test-es256""#
        let header =
            switch self {
            case .jwk: withKeyID + ",\"jwk\":\(key.publicJWK)}"
            case .jwkWithoutKeyID: start + ",\"jwk\":\(key.publicJWK)}"
            case .jku: withKeyID + ",\"jku\":\"\(url)\"}"
            case .x5u: withKeyID + ",\"x5u\":\"\(url)\"}"
            case .x5c: withKeyID + ",\"x5c\":[\"\(Data(key.publicDER).base64EncodedString())\"]}"
            case .issuerAddress: withKeyID + "}"
            case .keyIDAddress: start + ",\"kid\":\"\(url)\"}"
            }
        var claims = ClaimSet(subject: "root", roles: ["admin"])
        if self == .issuerAddress { claims = claims.setting("iss", "\"\(url)\"") }
        return try TokenForger.token(header: header, payload: claims.json, signedBy: key)
    }
}
