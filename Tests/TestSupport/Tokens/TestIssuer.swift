import Cryptography

/// The token issuer `test` of the attack policy: keys made once per test run, tokens made at will.
package struct TestIssuer: Sendable {
    /// The same keys for every gate of the run; key generation is slow.
    package static let shared = TestIssuer()

    package let es256: TestKey
    package let rs256: TestKey
    package let edDSA: TestKey

    private init() {
        do {
            es256 = try TestKey(.es256, keyID: "test-es256")
            rs256 = try TestKey(.rs256, keyID: "test-rs256")
            edDSA = try TestKey(.edDSA, keyID: "test-eddsa")
        } catch {
            preconditionFailure("no test can run without keys: \(error)")
        }
    }

    /// The issuer's public keys, as its key file has them.
    package var keySet: [UInt8] {
        let keys = [es256, rs256, edDSA].map(\.publicJWK).joined(separator: ",")
        return Array("{\"keys\":[\(keys)]}".utf8)
    }

    /// A token that is correct but for what `change` does to its claims.
    package func token(
        _ subject: String = "alice", roles: [String] = ["viewer"], key: TestKey? = nil,
        changing change: (ClaimSet) -> ClaimSet = { $0 }
    ) throws -> String {
        let key = key ?? es256
        let claims = change(ClaimSet(subject: subject, roles: roles))
        return try TokenForger.token(
            header: TokenForger.header(key), payload: claims.json, signedBy: key)
    }

    /// `A`: alice, a viewer.
    package func alice() throws -> String { try token() }

    /// `R`: root, an admin.
    package func root() throws -> String { try token("root", roles: ["admin"]) }

    /// `E`: alice's, expired for an hour.
    package func expired() throws -> String {
        let now = unixTime()
        return try token {
            $0.setting("iat", "\(now - 7_200)").setting("exp", "\(now - 3_600)")
        }
    }

    /// `W`: for another audience.
    package func wrongAudience() throws -> String {
        try token { $0.setting("aud", "\"other\"") }
    }

    /// `N`: root's, not signed at all.
    package func unsigned() -> String {
        let claims = ClaimSet(subject: "root", roles: ["admin"])
        return TokenForger.token(
            header: #"{"typ":"at+jwt","alg":"none"}"#, payload: claims.json, signature: [])
    }
}
