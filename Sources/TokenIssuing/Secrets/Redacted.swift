/// A value of which descriptions, interpolations and dumps show nothing.
package protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{}

extension Redacted {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    /// Without this, `dump` would print the stored properties.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
