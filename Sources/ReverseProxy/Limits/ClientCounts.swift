internal import AccessPolicy
internal import Synchronization

/// Who counts as one client: an IPv4 address, or the /64 that an IPv6 address is in, because who has one
/// address of that has them all.
struct ClientGroup: Hashable {
    private let isIPv6: Bool
    private let prefix: UInt64

    init(_ address: IPAddress) {
        isIPv6 = address.isIPv6
        prefix = UInt64(truncatingIfNeeded: address.isIPv6 ? address.value >> 64 : address.value)
    }
}

/// How many connections clients have open, over all event loops. Asked when a connection comes and when
/// it goes, never for a request.
final class ClientCounts: Sendable {
    enum Verdict {
        case admitted
        case tooMany
        case tooManyOfOne
    }

    private struct Counts {
        var all = 0
        var groups: [ClientGroup: Int] = [:]
    }

    private let counts = Mutex(Counts())
    private let limit: Int
    private let groupLimit: Int

    init(limit: Int, groupLimit: Int) {
        self.limit = limit
        self.groupLimit = groupLimit
    }

    /// Counts a connection, unless it is one too many; nil stands for clients that are not counted one by
    /// one, such as the load balancer.
    func enter(_ group: ClientGroup?) -> Verdict {
        counts.withLock { counts in
            guard counts.all < limit else { return .tooMany }
            if let group {
                let count = counts.groups[group, default: 0]
                guard count < groupLimit else { return .tooManyOfOne }
                counts.groups[group] = count + 1
            }
            counts.all += 1
            return .admitted
        }
    }

    /// An admitted connection is gone.
    func leave(_ group: ClientGroup?) {
        counts.withLock { counts in
            counts.all -= 1
            guard let group, let count = counts.groups[group] else { return }
            counts.groups[group] = count > 1 ? count - 1 : nil
        }
    }
}
