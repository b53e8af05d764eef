import Foundation

/// A JSON object whose members a test asks for one by one.
package struct JSONObject {
    private let members: [String: Any]

    package init(_ members: [String: Any]) {
        self.members = members
    }

    /// Reads a document; throws a `SupportError` that does not repeat it when it is no JSON object.
    package init(_ bytes: [UInt8]) throws {
        guard
            let members = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        else { throw SupportError("no JSON object in \(bytes.count) bytes") }
        self.members = members
    }

    /// All names, sorted.
    package var names: [String] { members.keys.sorted() }

    package func string(_ name: String) -> String? { members[name] as? String }

    package func strings(_ name: String) -> [String]? { members[name] as? [String] }

    package func int(_ name: String) -> Int? { members[name] as? Int }

    package func bool(_ name: String) -> Bool? { members[name] as? Bool }

    package func object(_ name: String) -> JSONObject? {
        (members[name] as? [String: Any]).map { JSONObject($0) }
    }

    package func objects(_ name: String) -> [JSONObject]? {
        (members[name] as? [[String: Any]])?.map { JSONObject($0) }
    }

    package func isNull(_ name: String) -> Bool { members[name] is NSNull }
}

extension RawResponse {
    /// The body as a JSON object.
    package func object() throws -> JSONObject { try JSONObject(body) }

    /// The values of `error` in an answer of the token endpoint (RFC 6749 § 5.2).
    package var oauthError: String? { (try? object())?.string("error") }
}
