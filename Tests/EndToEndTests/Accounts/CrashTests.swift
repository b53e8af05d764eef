import Foundation
import TestSupport
import Testing

@Suite("kill -9 right after an answer", .blocking, .serialized)
struct CrashTests {
    /// What the answer acknowledged right before the kill.
    private enum Change: CaseIterable {
        case registration, refresh, signOut
    }

    @Test("loses no registration, password, session or revocation, and keeps tokens valid")
    func nothingLost() throws {
        var random = SeededGenerator(for: "kill -9")
        let site = try RestartableGate { $0.useAccounts(defaultRoles: ["viewer"]) }
        defer { site.stop() }
        // Signed out in earlier rounds: their access tokens have not expired.
        var earlier: [CrashWitness] = []
        var bystanders = try (0..<3).map { _ in
            var witness = CrashWitness("crash")
            try witness.register(site.gate)
            return witness
        }
        var inDoubt = 0
        for round in 1...crashRounds(25) {
            let change = Change.allCases[round % Change.allCases.count]
            var witness = CrashWitness("crash")
            if change != .registration {
                try witness.register(site.gate)
                try witness.signIn(site.gate)
            }
            let traffic = Traffic(bystanders, on: site.gate, seed: random.next())
            usleep(UInt32.random(in: 0..<60_000, using: &random))
            switch change {
            case .registration: try witness.register(site.gate)
            case .refresh: try witness.refresh(site.gate)
            case .signOut: try witness.signOut(site.gate)
            }
            site.gate.send(SIGKILL)
            site.gate.killNow()
            bystanders = traffic.witnesses()
            let place = "round \(round), after a \(change)"
            #expect(traffic.failures == [], "\(place)")
            inDoubt += bystanders.count { $0.doubt != .none }

            try site.start()
            #expect(witness.complaints(about: site.gate) == [], "\(place)")
            for index in bystanders.indices {
                let complaints = bystanders[index].complaints(about: site.gate)
                #expect(complaints == [], "\(place), a client in flight")
            }
            for index in earlier.indices {
                #expect(earlier[index].complaints(about: site.gate) == [], "\(place), earlier")
            }
            earlier = (earlier + [witness]).suffix(3)
        }
        #expect(inDoubt > 0, "no client was in flight when the gate was killed")
        site.gate.stop()
        let checks = try ChildProcess(
            "/usr/bin/env",
            [
                "sqlite3", "\(site.data)/ostiary.sqlite",
                "PRAGMA integrity_check; PRAGMA foreign_key_check;",
            ])
        #expect(checks.exitStatus(within: .seconds(20)) == 0, "\(checks.standardError)")
        #expect(checks.standardOutput == "ok\n")
    }
}

/// Clients that change things all the time, each on a thread of its own, until the gate is gone.
private final class Traffic: Sendable {
    private let results = Locked<[CrashWitness]>([])
    private let running: Locked<Int>
    private let unexpected = Locked<[String]>([])

    /// Answers that were neither as they should be nor cut off.
    var failures: [String] { unexpected.withLock { $0 } }

    init(_ witnesses: [CrashWitness], on gate: GateProcess, seed: UInt64) {
        running = Locked(witnesses.count)
        for (number, witness) in witnesses.enumerated() {
            Thread.detachNewThread { [self] in
                var witness = witness
                var choice = seed &+ UInt64(number)
                do {
                    while true {
                        try Self.step(&witness, gate, choice)
                        choice &+= 7
                    }
                } catch let answer as UnexpectedAnswer {
                    unexpected.withLock { $0.append("\(answer)") }
                } catch {
                    // The connection was cut or refused: the gate is gone.
                }
                results.withLock { $0.append(witness) }
                running.withLock { $0 -= 1 }
            }
        }
    }

    /// Waits for all to have noticed the end, and returns them as they were then.
    func witnesses() -> [CrashWitness] {
        _ = Deadline.after(.seconds(30)).waits { running.withLock { $0 == 0 } }
        return results.withLock { $0 }
    }

    private static func step(
        _ witness: inout CrashWitness, _ gate: GateProcess, _ choice: UInt64
    ) throws {
        switch choice % 10 {
        case 0: try witness.register(gate)
        case 1: try witness.signOut(gate)
        default: try witness.refresh(gate)
        }
    }
}
