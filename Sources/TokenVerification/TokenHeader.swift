import Cryptography
import StrictJSON

/// A JOSE header (RFC 7515 § 4) that asks for nothing we do not do.
///
/// A class, so that handing it on costs one reference instead of one for each of its texts.
final class TokenHeader {
    /// The longest `kid` that is looked up.
    static let maximumKeyIDByteCount = maximumTextByteCount
    private static let maximumTextByteCount = 256

    let algorithm: SignatureAlgorithm
    let keyID: String?
    /// Lower case, `application/` dropped.
    let type: String?
    /// Whether `typ` says that this is a JWT for another purpose than access: by RFC 8725 § 3.11
    /// each kind has a type of its own ending in `+jwt` (`logout+jwt`, `dpop+jwt`, `secevent+jwt`).
    let hasForeignType: Bool

    /// Decodes and checks the header part of a token.
    convenience init(
        base64URL text: Span<UInt8>, scratch: inout [UInt8]
    ) throws(TokenRejection) {
        guard let count = Base64URL.decode(text, into: &scratch) else {
            throw TokenRejection(.malformed, "the header is not base64url")
        }
        try self.init(json: scratch, count: count)
    }

    /// Checks the JSON text that `bytes` begin with.
    init(json bytes: [UInt8], count: Int) throws(TokenRejection) {
        let object: JSONObject
        do throws(JSONError) {
            object = try JSONReader.readObject(bytes, count: count, limits: .header)
        } catch {
            if error.reason == .notAnObject {
                throw TokenRejection(.malformed, "the header is not an object")
            }
            throw error.isSizeLimit
                ? TokenRejection(.tooLarge, "the header exceeds a size limit")
                : TokenRejection(.malformed, "the header is not strict JSON")
        }
        var algorithm: SignatureAlgorithm??
        var keyID: String?
        var type: String?
        for (name, member) in HeaderMember.known {
            guard let index = object.index(of: name) else { continue }
            switch member {
            case .alg:
                algorithm = SignatureAlgorithm(
                    joseName: try Self.text(object, index, "`alg` is not a short text"))
            case .kid:
                keyID = try Self.text(object, index, "`kid` is not a text of at most 256 bytes")
            case .typ:
                type = Self.mediaType(
                    try Self.text(object, index, "`typ` is not a text of at most 256 bytes"))
            case .crit: try Self.refuse(critical: object.value(at: index))
            case .refused(let detail): throw TokenRejection(.header, detail)
            }
        }
        guard let algorithm else {
            throw TokenRejection(.malformed, "the header has no `alg`")
        }
        guard let algorithm else {
            throw TokenRejection(.algorithm, "the algorithm is not supported")
        }
        self.algorithm = algorithm
        self.keyID = keyID
        self.type = type
        hasForeignType =
            type.map {
                $0.utf8.reversed().starts(with: "+jwt".utf8.reversed())
                    && !$0.hasSameBytes(as: "at+jwt")
            } ?? false
    }

    /// A text of 1 to 256 bytes.
    private static func text(
        _ object: JSONObject, _ index: Int, _ detail: StaticString
    ) throws(TokenRejection) -> String {
        // Nothing is made of a text of thousands of bytes, and an escape is at most six times as long
        // as what it stands for.
        guard object.byteCount(at: index) <= 6 * maximumTextByteCount + 2,
            let text = object.value(at: index).string,
            (1...maximumTextByteCount).contains(text.utf8.count)
        else {
            throw TokenRejection(.malformed, detail)
        }
        return text
    }

    /// RFC 7515 § 4.1.11: a critical extension that is not understood makes the token invalid, and we
    /// understand none. A `crit` of the wrong shape is invalid in itself.
    private static func refuse(critical value: JSONValue) throws(TokenRejection) {
        guard let names = value.array, !names.isEmpty, names.allSatisfy({ $0.string != nil }) else {
            throw TokenRejection(.malformed, "`crit` is not an array of names")
        }
        throw TokenRejection(.header, "the header names a critical extension")
    }

    /// RFC 7515 § 4.1.9: `application/` is implied, and media types ignore case.
    private static func mediaType(_ text: String) -> String {
        let lowered = String(
            decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        let prefix = "application/"
        guard lowered.utf8.starts(with: prefix.utf8) else { return lowered }
        return String(lowered.dropFirst(prefix.count))
    }
}

/// The header members that have a meaning here; all others are ignored (RFC 7515 § 4).
private enum HeaderMember {
    case alg, kid, typ, crit
    /// Keys and addresses of keys that the sender chose, another encoding of the payload, a nested
    /// token: none of them is ever followed. With what to tell of it.
    case refused(StaticString)

    /// `crit` before those that it might name.
    static let known: [(JSONName, HeaderMember)] = [
        (JSONName("alg"), .alg), (JSONName("kid"), .kid), (JSONName("typ"), .typ),
        (JSONName("crit"), .crit),
        (JSONName("b64"), .refused("`b64` in the header: payloads are base64url, always")),
        (JSONName("zip"), .refused("`zip` in the header: nothing is unpacked")),
        (
            JSONName("cty"),
            .refused("`cty` in the header: a token within a token is not looked for")
        ),
        (JSONName("jwk"), .refused("`jwk` in the header: keys that a token brings are never used")),
        (
            JSONName("jku"),
            .refused("`jku` in the header: keys that a token names are never fetched")
        ),
        (
            JSONName("x5u"),
            .refused("`x5u` in the header: keys that a token names are never fetched")
        ),
        (JSONName("x5c"), .refused("`x5c` in the header: keys that a token brings are never used")),
    ]
}
