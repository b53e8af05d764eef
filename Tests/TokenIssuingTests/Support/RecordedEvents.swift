import TestSupport
import TokenIssuing
import TokenVerification

/// What happened, in order, as the store and the verifiers saw it.
final class RecordedEvents: Sendable {
    enum Event: Equatable {
        /// A call that asked the store for something or changed it, once it was committed.
        case stored(String)
        case denied([SessionRevocation])
        case returned
    }

    private let events = Locked<[Event]>([])

    func append(_ event: Event) { events.withLock { $0.append(event) } }

    var all: [Event] { events.withLock { $0 } }

    var storeCalls: [String] {
        all.compactMap { event in
            guard case .stored(let name) = event else { return nil }
            return name
        }
    }

    var denied: [SessionRevocation] {
        all.flatMap { event in
            guard case .denied(let revocations) = event else { return [SessionRevocation]() }
            return revocations
        }
    }

    func removeAll() { events.withLock { $0 = [] } }
}

/// Stands for the event loops: records what they are told to refuse.
struct RecordingRevocations: RevocationPublishing {
    let events: RecordedEvents

    func deny(_ revocations: [Revocation]) async {
        let sessions = revocations.compactMap { revocation -> SessionRevocation? in
            guard case .session(let session) = revocation else { return nil }
            return session
        }
        events.append(.denied(sessions))
    }
}
