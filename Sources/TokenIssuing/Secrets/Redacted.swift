/// A value of which descriptions, interpolations and dumps show nothing.
package protocol Redacted: Opaque, CustomStringConvertible, CustomDebugStringConvertible {}

extension Redacted {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
}

/// A value whose parts `dump` does not show.
package protocol Opaque: CustomReflectable {}

extension Opaque {
    package var customMirror: Mirror { Mirror(self, children: []) }
}
