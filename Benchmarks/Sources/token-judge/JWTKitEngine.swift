import Foundation
import JWTKit

/// What jwt-kit says, used as its documentation shows: the keys in a collection, the claims checked in
/// the payload's type.
struct JWTKitEngine {
    private let keys: JWTKeyCollection
    private let rules: Rules

    init(_ rules: Rules) async throws {
        self.rules = rules
        keys =
            rules.signatureOnly
            ? JWTKeyCollection(defaultJWTParser: AnyPayloadParser()) : JWTKeyCollection()
        for key in try Self.elements(rules.keys) { await Self.add(key, to: keys) }
        for secret in try Self.elements(rules.secrets) {
            await Self.add(secret: secret, to: keys, rules)
        }
    }

    func judge(_ token: [UInt8]) async -> Verdict {
        do {
            if rules.signatureOnly {
                _ = try await keys.verify(token, as: AnyPayload.self)
            } else {
                try check(try await keys.verify(token, as: Claims.self))
            }
            return .accepted
        } catch let error as JWTError {
            return .refused("\(error.errorType)")
        } catch {
            return .refused("\(type(of: error))")
        }
    }

    /// The rules that every user of the library writes anew. It knows no leeway: the clock is set.
    private func check(_ claims: Claims) throws {
        let now = Date(timeIntervalSince1970: Double(rules.now))
        let leeway = Double(rules.leeway)
        try claims.exp.verifyNotExpired(currentDate: now.addingTimeInterval(-leeway))
        try claims.nbf?.verifyNotBefore(currentDate: now.addingTimeInterval(leeway))
        try claims.aud.claim.verifyIntendedAudience(includes: rules.audience)
        guard claims.iss.value == rules.issuer else {
            throw JWTError.claimVerificationFailure(failedClaim: claims.iss, reason: "other issuer")
        }
    }

    private struct Claims: JWTPayload {
        let iss: IssuerClaim
        let sub: SubjectClaim
        let aud: Audience
        let exp: ExpirationClaim
        let nbf: NotBeforeClaim?
        let iat: IssuedAtClaim?

        func verify(using algorithm: some JWTAlgorithm) {}
    }

    /// jwt-kit 5.7.1 ends the process when `aud` is an empty array; here it is a refusal.
    private struct Audience: Codable {
        let claim: AudienceClaim

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            guard (try? container.decode([String].self)) != [] else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "an empty audience")
            }
            claim = try AudienceClaim(from: decoder)
        }

        func encode(to encoder: any Encoder) throws { try claim.encode(to: encoder) }
    }

    /// A payload that nobody looks at.
    private struct AnyPayload: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) {}
    }

    private struct AnyPayloadParser: JWTParser {
        var jsonDecoder: any JWTJSONDecoder = .defaultForJWT

        func parse<Payload: JWTPayload>(
            _ token: some DataProtocol, as: Payload.Type
        ) throws -> (header: JWTHeader, payload: Payload, signature: Data) {
            let header = try jsonDecoder.decode(JWTHeader.self, from: Data("{}".utf8))
            return (header, try jsonDecoder.decode(Payload.self, from: Data("{}".utf8)), Data())
        }
    }

    private static func elements(_ set: String?) throws -> [[String: Any]] {
        guard let set else { return [] }
        let document = try JSONSerialization.jsonObject(with: Data(set.utf8))
        return (document as? [String: Any])?["keys"] as? [[String: Any]] ?? []
    }

    /// A key that the library does not take is one that it does not have.
    private static func add(_ key: [String: Any], to keys: JWTKeyCollection) async {
        guard let data = try? JSONSerialization.data(withJSONObject: key),
            let key = try? JWK(json: String(decoding: data, as: UTF8.self))
        else { return }
        _ = try? await keys.add(jwk: key)
    }

    private static func add(
        secret: [String: Any], to keys: JWTKeyCollection, _ rules: Rules
    ) async {
        let digests: [String: DigestAlgorithm] = [
            "HS256": .sha256, "HS384": .sha384, "HS512": .sha512,
        ]
        guard let text = secret["k"] as? String, let algorithm = secret["alg"] as? String,
            let digest = digests[algorithm], let bytes = Self.decode(text)
        else { return }
        let name = (secret["kid"] as? String).map { JWKIdentifier(string: $0) }
        let parser: any JWTParser =
            rules.signatureOnly ? AnyPayloadParser() : DefaultJWTParser()
        await keys.add(
            hmac: HMACKey(from: bytes), digestAlgorithm: digest, kid: name, parser: parser)
    }

    private static func decode(_ text: String) -> Data? {
        var base64 = text.replacingOccurrences(of: "-", with: "+")
            .replacingOccurrences(of: "_", with: "/")
        while base64.count % 4 != 0 { base64 += "=" }
        return Data(base64Encoded: base64)
    }
}
