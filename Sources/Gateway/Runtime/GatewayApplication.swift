private import AccessPolicy
private import Logging
private import ReverseProxy
private import ServiceLifecycle
private import UnixSignals

/// Runs a prepared gateway until it is told to stop.
package enum GatewayApplication {
    /// Listens, serves, and returns once SIGTERM or SIGINT has come and what was under way is done.
    ///
    /// - Throws: `CommandFailure` when an address cannot be listened on.
    package static func run(_ gateway: PreparedGateway) async throws {
        OpenFileLimit.raise()
        let sink = LogSink()
        defer { sink.flush() }
        let settings = ProxySettings(gateway.configuration)
        let server = ProxyServer(
            settings: settings, policy: gateway.policy.rules, keyRing: gateway.keys.keyRing,
            logSink: { sink.write($0) })
        let logger = Logger(label: "ostiary", settings: gateway.configuration.log, sink: sink)
        let service = ProxyService(gateway: gateway, server: server, logger: logger)
        // The group's own messages are about its mechanics, which nobody who runs a gateway asked for.
        var quiet = logger
        quiet.logLevel = .error
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: service, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        do {
            try await group.run()
        } catch let error as ProxyStartError {
            throw CommandFailure(error.description)
        }
    }
}

/// The data plane as a service of the process.
private struct ProxyService: Service {
    let gateway: PreparedGateway
    let server: ProxyServer
    let logger: Logger

    func run() async throws {
        let addresses: [ProxySettings.Address]
        do {
            addresses = try await server.start()
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        announce(addresses)
        try? await gracefulShutdown()
        logger.info("stopping")
        await server.stop(within: gateway.configuration.timeouts.shutdown)
        logger.info("stopped")
    }

    /// Says where to go, in the form that people and scripts wait for.
    private func announce(_ addresses: [ProxySettings.Address]) {
        let policy = gateway.policy
        logger.info(
            "policy loaded",
            metadata: [
                "policy.file": "\(policy.name.filter { $0 != "`" })",
                "policy.sha256": "\(policy.fingerprint)",
                "policy.routes": .stringConvertible(policy.rules.routes.count),
            ])
        for skipped in gateway.keys.skipped {
            logger.warning("key skipped", metadata: ["key.reason": "\(skipped)"])
        }
        let upstream = gateway.configuration.upstream.endpoint
        for address in addresses {
            let line = "listening on http://\(address.text), forwarding to \(upstream)"
            if gateway.configuration.log.format == .json {
                // A collector of JSON lines must not meet another form.
                logger.notice("\(line)")
            } else {
                StandardError.write("ostiary: \(line)")
            }
        }
    }
}
