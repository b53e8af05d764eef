import Glibc

/// Asks the system about several sockets at once, without waiting.
struct PollSet {
    private var entries: [pollfd] = []

    mutating func add(_ descriptor: Int32) {
        entries.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
    }

    mutating func remove(at index: Int) { entries.remove(at: index) }

    /// - Returns: how many have something to be read.
    mutating func ask() -> Int {
        let count = unsafe poll(&entries, nfds_t(entries.count), 0)
        return Int(max(0, count))
    }

    /// As of the last `ask`; the sockets are numbered in the order of `add`.
    func isReady(_ index: Int) -> Bool { entries[index].revents != 0 }
}
