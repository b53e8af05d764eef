/// The two readings of one path. Somebody behind the gateway may decode or fold a path once more than
/// it does: rules must hold for what is sent and for what could be made of it.
package enum PathView: Sendable, CaseIterable {
    /// The canonical path, which is what is forwarded; segments decode to what was meant.
    case asSent
    /// What a lenient server could take the path for; see ``CanonicalPath/foldedBytes``.
    case folded
}
