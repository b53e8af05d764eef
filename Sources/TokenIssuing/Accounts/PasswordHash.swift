/// A stored password hash, such as `$argon2id$v=19$m=19456,t=2,p=1$…`; a secret of its own kind.
package struct PasswordHash: Sendable, Equatable, Redacted {
    /// What the store keeps.
    package let encoded: String

    package init(encoded: String) { self.encoded = encoded }
}
