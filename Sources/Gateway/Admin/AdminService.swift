import Endpoints
import KeyDiscovery
import Logging
import ServiceLifecycle
import TokenVerification

/// The operator's address as a service of the process.
struct AdminService: Service {
    let listener: ListenAddress
    let keys: KeyService
    let policy: PolicyStatus
    let logger: Logger

    func run() async throws {
        let server = AdminServer(
            host: listener.host, port: listener.port,
            readiness: { [keys] in
                AdminServer.Readiness(causes: keys.status.compactMap(\.cause))
            },
            metrics: { [keys, policy] in
                PolicyMetrics.text(policy.snapshot) + KeyMetrics.text(keys.status)
            }, logger: logger)
        do {
            try await server.run { [logger, host = listener.host] port in
                logger.info("answering operators", metadata: ["admin.address": "\(host):\(port)"])
            }
        } catch {
            throw CommandFailure(
                "cannot listen on `\(listener)` for operators (`admin.listener`): is the port in use?"
            )
        }
    }
}

extension KeySourceStatus {
    /// Why requests with tokens of the issuer are not served; nil when they are.
    var cause: String? {
        guard availability == .unavailable else { return nil }
        guard !hasExpired else {
            return "the keys of the issuer `\(issuerName)` are too old (`stale_if_error`)"
                + (lastError.map { ": \($0)" } ?? "")
        }
        return "no keys of the issuer `\(issuerName)`"
            + (lastError.map { ": \($0)" } ?? ": they have not been fetched yet")
    }
}
