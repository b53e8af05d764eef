import ReverseProxy
import Synchronization
import TokenIssuing
import TokenVerification

/// Tells the event loops what services found out. Those services are part of the data plane that they
/// tell: its own endpoints, its source of keys. So one of the two has to be named to the other later.
final class DataPlaneRelay: RevocationPublishing {
    private let server = Mutex<ProxyServer?>(nil)

    /// From now on this server is told. Called once, before any service runs.
    func connect(to server: ProxyServer) { self.server.withLock { $0 = server } }

    func deny(_ revocations: [Revocation]) async {
        await server.withLock { $0 }?.deny(revocations)
    }

    /// Returns when every event loop signs assertions so.
    func sign(with signer: AssertionSigner) async {
        await server.withLock { $0 }?.changeAssertionSigner(signer)
    }

    /// Returns when every event loop verifies with the changed keys.
    func changeKeys(_ change: @Sendable (KeyRing) -> KeyRing) async {
        await server.withLock { $0 }?.changeKeys(change)
    }
}
