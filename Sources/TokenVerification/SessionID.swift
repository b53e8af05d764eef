package import Cryptography

/// Marks identifiers of sessions.
package enum SessionKind {}

/// Names a session of the embedded issuer: the `sid` claim of its access tokens.
package typealias SessionID = Identifier<SessionKind>
