package import Cryptography

/// Marks identifiers of sessions.
package enum SessionKind {}

/// Names a session of the embedded issuer: the `sid` claim of its access tokens.
package typealias SessionID = Identifier<SessionKind>

/// A session whose access tokens are refused until `until`, Unix seconds, when all have expired.
package struct SessionRevocation: Sendable, Equatable {
    package let session: SessionID
    package let until: Int64

    package init(session: SessionID, until: Int64) {
        self.session = session
        self.until = until
    }
}
