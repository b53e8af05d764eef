private import AccessPolicy
private import AccountStorage
private import Endpoints
private import Logging
private import ReverseProxy
private import ServiceLifecycle
private import TokenIssuing
private import TokenVerification
private import UnixSignals

/// Runs a prepared gateway until it is told to stop.
package enum GatewayApplication {
    /// Listens, serves, and returns once SIGTERM or SIGINT has come and what was under way is done.
    ///
    /// - Throws: `CommandFailure` when an address cannot be listened on, or the accounts cannot be
    ///   used.
    package static func run(_ gateway: PreparedGateway) async throws {
        OpenFileLimit.raise()
        let sink = LogSink()
        defer { sink.flush() }
        let logger = Logger(label: "ostiary", settings: gateway.configuration.log, sink: sink)
        let relay = DataPlaneRelay()
        let accounts = try await accounts(of: gateway, relay, logger)
        let keys = KeyService(gateway.keys, relay: relay, logger: logger)
        let assertions = AssertionKeyService(gateway, relay: relay, logger: logger)
        let server = ProxyServer(
            settings: ProxySettings(gateway.configuration),
            policy: ServedPolicy(gateway.policy.rules, fingerprint: gateway.policy.fingerprint),
            keyRing: gateway.keys.keyRing,
            localResponder: endpoints(of: gateway, accounts, assertions, logger),
            evidenceSource: keys, assertionSigner: assertions.signer,
            denied: gateway.keys.denied + (accounts?.denied.map(Revocation.session) ?? []),
            logSink: { sink.write($0) })
        relay.connect(to: server)

        // Stopped in reverse order: whoever is still being answered needs the accounts.
        var services: [any Service] = []
        if let accounts {
            services += [accounts, try control(of: gateway, accounts, logger)]
        }
        let policy = PolicyService(
            gateway, server: server, keys: keys, accounts: accounts, assertions: assertions,
            logger: logger)
        if let listener = gateway.configuration.adminListener {
            services.append(
                AdminService(
                    listener: listener, keys: keys, policy: policy.status, logger: logger))
        }
        services += [keys, assertions, policy]
        services.append(
            ProxyService(gateway: gateway, server: server, accounts: accounts, logger: logger))
        // The group's own messages are about its mechanics, which nobody who runs a gateway asked for.
        var quiet = logger
        quiet.logLevel = .error
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { service in
                    .init(
                        service: service, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        do {
            try await group.run()
        } catch let error as ProxyStartError {
            throw CommandFailure(error.description)
        }
        // Not before the accounts are closed: until then sessions end, and the loops are told.
        await server.shutDown()
    }

    /// The accounts of the embedded issuer; nil when the policy has none.
    private static func accounts(
        of gateway: PreparedGateway, _ relay: DataPlaneRelay, _ logger: Logger
    ) async throws -> AccountService? {
        guard let settings = gateway.issuerSettings, let keys = gateway.signingKeys else {
            return nil
        }
        return try await AccountService(
            gateway, settings: settings, keys: keys, revocations: relay, logger: logger)
    }

    private static func endpoints(
        of gateway: PreparedGateway, _ accounts: AccountService?,
        _ assertions: AssertionKeyService, _ logger: Logger
    ) -> EndpointTable {
        guard let accounts else {
            return EndpointTable(assertionKeys: { assertions.document })
        }
        let complaints = StoreComplaints(
            folder: gateway.configuration.trust.dataFolder.path, logger: logger)
        return EndpointTable(
            issuer: { accounts.issuer },
            documents: IssuerDocuments(
                issuer: gateway.configuration.publicURL.description,
                keySet: SigningKey.publicJWKS(gateway.signingKeys?.keys ?? [])),
            assertionKeys: { assertions.document },
            onFailure: { complaints.add($0) })
    }

    /// The socket of the command line. Where it cannot be made and the store cannot be written to
    /// either, both wait for better times.
    private static func control(
        of gateway: PreparedGateway, _ accounts: AccountService, _ logger: Logger
    ) throws(CommandFailure) -> any Service {
        let folder = gateway.configuration.trust.dataFolder.path
        do throws(FileProblem) {
            return try ControlServer(
                folder: folder, administration: { accounts.administration }, logger: logger)
        } catch {
            guard accounts.issuer == nil else {
                throw CommandFailure("cannot make the control socket in `\(folder)`: \(error)")
            }
            return LateControl(folder: folder, accounts: accounts, logger: logger)
        }
    }
}

/// The data plane as a service of the process.
private struct ProxyService: Service {
    let gateway: PreparedGateway
    let server: ProxyServer
    let accounts: AccountService?
    let logger: Logger

    func run() async throws {
        let addresses: [ProxySettings.Address]
        do {
            addresses = try await server.start()
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        await announce(addresses)
        try? await gracefulShutdown()
        logger.info("stopping")
        await server.stop(within: gateway.configuration.timeouts.shutdown)
        logger.info("stopped")
    }

    /// Says where to go, in the form that people and scripts wait for.
    private func announce(_ addresses: [ProxySettings.Address]) async {
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
        if gateway.issuerSettings?.registration == .open {
            logger.warning(
                """
                registration is open: everybody can make an account, and addresses are not \
                confirmed, so registering tells which ones are taken
                """)
        }
        let upstream = gateway.configuration.upstream.endpoint
        for address in addresses {
            tell("listening on \(address.url ?? address.text), forwarding to \(upstream)")
        }
        if await accounts?.isEmpty() == true {
            tell(
                "no account yet: make the first administrator with `ostiary user superuser`, and "
                    + "the same --config, --policy and --set as here")
        }
    }

    private func tell(_ line: String) {
        if gateway.configuration.log.format == .json {
            // A collector of JSON lines must not meet another form.
            logger.notice("\(line)")
        } else {
            StandardError.write("ostiary: \(line)")
        }
    }
}
