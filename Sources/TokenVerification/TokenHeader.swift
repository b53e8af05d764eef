import Cryptography
import StrictJSON

/// A JOSE header (RFC 7515 § 4) that asks for nothing we do not do.
struct TokenHeader {
    /// The longest `kid` that is looked up.
    static let maximumKeyIDByteCount = 256

    let algorithm: SignatureAlgorithm
    let keyID: String?
    /// Lower case, `application/` dropped.
    let type: String?

    /// Decodes and checks the header part of a token.
    init(base64URL text: Span<UInt8>, scratch: inout [UInt8]) throws(TokenRejection) {
        guard let count = Base64URL.decode(text, into: &scratch) else {
            throw TokenRejection(.malformed, "the header is not base64url")
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(
                scratch.span.extracting(first: count), limits: .header)
        } catch {
            throw error.isSizeLimit
                ? TokenRejection(.tooLarge, "the header exceeds a size limit")
                : TokenRejection(.malformed, "the header is not strict JSON")
        }
        try self.init(value)
    }

    init(_ value: JSONValue) throws(TokenRejection) {
        guard case .object(let members) = value else {
            throw TokenRejection(.malformed, "the header is not an object")
        }
        var algorithmName: String?
        var keyID: String?
        var type: String?
        for member in members {
            switch HeaderMember(name: member.name) {
            case .alg: algorithmName = try Self.text(member.value, "`alg` is not a text")
            case .kid: keyID = try Self.keyID(member.value)
            case .typ: type = Self.mediaType(try Self.text(member.value, "`typ` is not a text"))
            case .crit: try Self.refuse(critical: member.value)
            case .refused:
                throw TokenRejection(
                    .header, "the header has a member that we refuse: b64 zip cty jwk jku x5u x5c")
            case nil: break
            }
        }
        guard let algorithmName else {
            throw TokenRejection(.malformed, "the header has no `alg`")
        }
        guard let algorithm = SignatureAlgorithm(joseName: algorithmName) else {
            throw TokenRejection(.algorithm, "the algorithm is not supported")
        }
        self.algorithm = algorithm
        self.keyID = keyID
        self.type = type
    }

    /// Whether `typ` says that this is a JWT for another purpose than access: by RFC 8725 § 3.11
    /// each kind has a type of its own ending in `+jwt` (`logout+jwt`, `dpop+jwt`, `secevent+jwt`).
    var hasForeignType: Bool {
        guard let type else { return false }
        return type.utf8.reversed().starts(with: "+jwt".utf8.reversed())
            && !type.hasSameBytes(as: "at+jwt")
    }

    private static func text(
        _ value: JSONValue, _ detail: StaticString
    ) throws(TokenRejection) -> String {
        guard let text = value.string, !text.isEmpty else {
            throw TokenRejection(.malformed, detail)
        }
        return text
    }

    private static func keyID(_ value: JSONValue) throws(TokenRejection) -> String {
        let text = try text(value, "`kid` is not a text")
        guard text.utf8.count <= maximumKeyIDByteCount else {
            throw TokenRejection(.malformed, "`kid` is longer than 256 bytes")
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
    /// token: none of them is ever followed.
    case refused

    init?(name: String) {
        for (known, member) in Self.known where name.hasSameBytes(as: known) {
            self = member
            return
        }
        return nil
    }

    private static let known: [(String, HeaderMember)] = [
        ("alg", .alg), ("kid", .kid), ("typ", .typ), ("crit", .crit), ("b64", .refused),
        ("zip", .refused), ("cty", .refused), ("jwk", .refused), ("jku", .refused),
        ("x5u", .refused), ("x5c", .refused),
    ]
}
