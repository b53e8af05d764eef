/// A password exactly as it was sent: never trimmed, never normalised.
package struct Password: Sendable, Redacted {
    /// Longer ones are refused unread, so that nobody makes us hash a book.
    package static let maximumByteCount = 1024

    let bytes: [UInt8]

    /// - Returns: nil for more than 1024 bytes.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumByteCount else { return nil }
        bytes = Array(text.utf8)
    }
}
