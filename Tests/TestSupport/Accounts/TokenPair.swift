import Foundation

/// What a sign-in or a refresh has brought.
package struct TokenPair: Sendable, Equatable {
    package let access: String
    package let refresh: String
    /// Seconds until the access token expires, from the answer on.
    package let expiresIn: Int

    /// Throws an `UnexpectedAnswer` for any other answer.
    package init(_ response: RawResponse) throws {
        guard response.status == 200, let object = try? response.object(),
            let access = object.string("access_token"),
            let refresh = object.string("refresh_token"),
            let expiresIn = object.int("expires_in")
        else { throw UnexpectedAnswer("no tokens", response) }
        self.access = access
        self.refresh = refresh
        self.expiresIn = expiresIn
    }

    /// The claims of the access token, unverified.
    package func claims() throws -> JSONObject { try Self.part(1, of: access) }

    /// The header of the access token.
    package func header() throws -> JSONObject { try Self.part(0, of: access) }

    private static func part(_ index: Int, of token: String) throws -> JSONObject {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = bytes(base64URL: String(parts[index])) else {
            throw SupportError("no compact token of three parts")
        }
        return try JSONObject(bytes)
    }
}

/// An answer that a step of a test cannot go on with: its status and reason, without any token.
package struct UnexpectedAnswer: Error, CustomStringConvertible {
    package let description: String

    package init(_ step: String, _ answer: RawResponse) {
        let reason = answer.reason ?? answer.oauthError ?? "no reason"
        description = "\(step): status \(answer.status), \(reason)"
    }
}

/// The bytes of base64url without padding; nil for other text.
package func bytes(base64URL text: String) -> [UInt8]? {
    let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
    let standard = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    return Data(base64Encoded: standard + padding).map { Array($0) }
}
