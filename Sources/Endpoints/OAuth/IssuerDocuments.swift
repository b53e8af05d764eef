internal import Cryptography
internal import StrictJSON

/// What the issuer publishes about itself: its keys, and where its endpoints are.
package struct IssuerDocuments: Sendable {
    /// RFC 7517 § 5.
    let keySet: PublicDocument
    /// RFC 8414 § 3.2.
    let metadata: PublicDocument

    /// - Parameters:
    ///   - issuer: the `iss` of the tokens, an http or https URL without a path.
    ///   - keySet: a JWK set, without private members.
    package init(issuer: String, keySet: [UInt8]) {
        var base = issuer
        while base.utf8.last == UInt8(ascii: "/") { base.removeLast() }
        self.keySet = PublicDocument(keySet)
        metadata = PublicDocument(
            JSONWriter.write(
                .object([
                    JSONMember(name: "issuer", value: .string(issuer)),
                    JSONMember(name: "token_endpoint", value: .string(base + Self.tokenPath)),
                    JSONMember(name: "jwks_uri", value: .string(base + Self.keySetPath)),
                    // There is no authorization endpoint, so there are none; the member is required.
                    JSONMember(name: "response_types_supported", value: .array([])),
                    JSONMember(
                        name: "grant_types_supported", value: .array([.string("refresh_token")])),
                    JSONMember(
                        name: "token_endpoint_auth_methods_supported",
                        value: .array([.string("none")])),
                ])) + [UInt8(ascii: "\n")])
    }

    static let tokenPath = "/_ostiary/oauth/token"
    static let keySetPath = "/.well-known/jwks.json"
    static let metadataPath = "/.well-known/oauth-authorization-server"
}

/// Bytes that are published, and the name of this version of them.
package struct PublicDocument: Sendable {
    let bytes: [UInt8]
    /// A strong entity tag (RFC 9110 § 8.8.3), quotes included.
    let entityTag: String

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let digest = SHA256.hash(bytes.span)
        entityTag = "\"" + Base64URL.encodeToString(digest.span.extracting(first: 16)) + "\""
    }

    /// Whether the client's copy is this one: weak comparison, as RFC 9110 § 13.1.2 asks for.
    func isNamed(in ifNoneMatch: [String]) -> Bool {
        ifNoneMatch.joined(separator: ",").split(separator: ",").contains { candidate in
            let tag = candidate.filter { $0 != " " && $0 != "\t" }
            return tag == "*" || tag == entityTag || tag == "W/" + entityTag
        }
    }
}
