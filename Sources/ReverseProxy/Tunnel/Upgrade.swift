/// An exchange that asks to become a tunnel, and the tunnel that it becomes.
final class Upgrade {
    let handshake: OpeningHandshake
    /// As of the decision.
    let rules: TunnelRules
    /// Nil until the app has agreed.
    var tunnel: Tunnel?
    /// Whether all that the other side has sent is out, and the end behind it.
    var clientHasAll = false
    var appHasAll = false

    init(_ handshake: OpeningHandshake, _ rules: TunnelRules) {
        self.handshake = handshake
        self.rules = rules
    }
}
