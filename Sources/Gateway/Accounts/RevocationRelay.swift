import ReverseProxy
import Synchronization
import TokenIssuing
import TokenVerification

/// Passes revocations from the issuer to the event loops. The issuer's endpoints are part of the data
/// plane that it tells, so one of the two has to be named to the other later.
final class RevocationRelay: RevocationPublishing {
    private let server = Mutex<ProxyServer?>(nil)

    /// From now on this server is told. Called once, before it serves the first request.
    func connect(to server: ProxyServer) { self.server.withLock { $0 = server } }

    func deny(_ revocations: [SessionRevocation]) async {
        guard let server = server.withLock({ $0 }) else { return }
        await server.deny(revocations)
    }
}
