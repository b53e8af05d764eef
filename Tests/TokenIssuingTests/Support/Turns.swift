import TestSupport

/// Lets concurrent calls go one by one in a random order that can be repeated: a call goes only when
/// each of the callers is either waiting for its turn or done. Outside of `begin` and `end`, all go at
/// once.
final class Turns: Sendable {
    private struct Round {
        var generator: SeededGenerator
        var running: Int
        /// In the order of their numbers, or else the operating system's would decide too.
        var waiting: [(caller: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let round = Locked<Round?>(nil)

    /// The number of the caller whose task this is.
    @TaskLocal static var caller = 0

    /// From now on `callers` take turns, each with a number of its own; each calls `finish` once.
    func begin(callers: Int, generator: SeededGenerator) {
        round.withLock { $0 = Round(generator: generator, running: callers) }
    }

    func end() { round.withLock { $0 = nil } }

    func next() async {
        await withCheckedContinuation { continuation in
            let goesAtOnce = round.withLock { round in
                round?.waiting.append((Self.caller, continuation))
                return round == nil
            }
            if goesAtOnce { continuation.resume() } else { pause() }
        }
    }

    func finish() { pause() }

    /// A caller has stopped running; the last one to do so chooses who goes next.
    private func pause() {
        let chosen = round.withLock { round -> CheckedContinuation<Void, Never>? in
            guard var current = round else { return nil }
            current.running -= 1
            var chosen: CheckedContinuation<Void, Never>?
            if current.running == 0, !current.waiting.isEmpty {
                current.running = 1
                current.waiting.sort { $0.caller < $1.caller }
                let index = Int.random(in: 0..<current.waiting.count, using: &current.generator)
                chosen = current.waiting.remove(at: index).continuation
            }
            round = current
            return chosen
        }
        chosen?.resume()
    }
}
