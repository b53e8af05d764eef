import AccessPolicy
import Endpoints
import Logging
import ReverseProxy
import ServiceLifecycle
import StrictYAML
import Synchronization
import TokenIssuing

/// Keeps the keys of assertions fresh: makes the next one when it is due, and sees what the command line has
/// done to them. What is published is always told before it is signed with.
///
/// Without a policy that asks for assertions it does nothing, and there are no keys.
final class AssertionKeyService: Service {
    private struct State {
        var keys: AssertionKeys?
        var document: PublicDocument?
        /// Whether the policy in force asks for assertions.
        var isWanted: Bool
        /// What was said last, so that it is not said every few seconds.
        var complaint: String?
    }

    private let source: AssertionKeySource
    private let issuer: String
    private let audience: String
    private let relay: DataPlaneRelay
    private let logger: Logger
    private let state: Mutex<State>

    /// `relay` is connected before the service runs.
    init(_ gateway: PreparedGateway, relay: DataPlaneRelay, logger: Logger) {
        source = AssertionKeySource(gateway.configuration.trust)
        issuer = gateway.configuration.publicURL.description
        audience = gateway.configuration.upstream.name
        self.relay = relay
        self.logger = logger
        let keys = gateway.assertionKeys
        state = Mutex(
            State(
                keys: keys, document: keys.map { PublicDocument($0.keySet) },
                isWanted: gateway.policy.rules.assertion != nil))
    }

    /// What is published; nil where the policy asks for no assertions.
    var document: PublicDocument? {
        state.withLock { $0.isWanted ? $0.document : nil }
    }

    /// Who signs now; nil without keys.
    var signer: AssertionSigner? { state.withLock { $0.keys }.map(signer) }

    /// Before a policy that asks for assertions, or for none, is in force. Where the one before asked for none,
    /// the keys are taken over; otherwise the ones at hand are as new.
    func prepare(for gateway: PreparedGateway) async {
        let wasWanted = state.withLock { $0.isWanted }
        if !wasWanted, let keys = gateway.assertionKeys { await use(keys) }
        state.withLock { $0.isWanted = gateway.policy.rules.assertion != nil }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                if state.withLock({ $0.isWanted }) { await renew() }
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    private func renew() async {
        // Files of the configuration are read at the start.
        guard case .folder = source else { return }
        do throws(Diagnostics) {
            let keys = try source.renew(now: UnixClock.now())
            state.withLock { $0.complaint = nil }
            await use(keys)
        } catch {
            // The keys at hand go on signing, which is better than not letting anybody in.
            let complaint = error.description
            let isNew = state.withLock { state in
                defer { state.complaint = complaint }
                return state.complaint != complaint
            }
            guard isNew else { return }
            logger.error(
                "the keys of assertions cannot be renewed; the ones at hand stay in use",
                metadata: ["assertion.error": "\(complaint)"])
        }
    }

    private func use(_ keys: AssertionKeys) async {
        let before = state.withLock { state in
            defer {
                if state.keys != keys { state.document = PublicDocument(keys.keySet) }
                state.keys = keys
            }
            return state.keys
        }
        guard before != keys else { return }
        if before?.signing.keyID != keys.signing.keyID { await relay.sign(with: signer(keys)) }
        guard before != nil else { return }
        logger.notice(
            "keys of assertions changed",
            metadata: [
                "assertion.key": "\(keys.signing.keyID)",
                "assertion.published": "\(keys.keyIDs.joined(separator: " "))",
            ])
    }

    private func signer(_ keys: AssertionKeys) -> AssertionSigner {
        AssertionSigner(
            AssertionMint(issuer: issuer, audience: audience, signingKey: keys.signing))
    }

    private static let pause = Duration.seconds(5)
}
