import Testing

@testable import ReverseProxy

@Suite("which connection serves a request")
struct ConnectionLedgerTests {
    private enum Expected: Equatable {
        case reuse(Int)
        case open
        case wait
        case refuse
    }

    private func choose(_ ledger: inout ConnectionLedger<Int>, fresh: Bool = false) -> Expected {
        switch ledger.choose(fresh: fresh) {
        case .reuse(let connection): .reuse(connection)
        case .open: .open
        case .wait: .wait
        case .refuse: .refuse
        }
    }

    @Test("up to the limit they are opened, then requests wait, then they are refused")
    func limits() {
        var ledger = ConnectionLedger<Int>(limit: 2, waitingLimit: 1, lifetime: 1000)
        let choices = (1...4).map { _ in choose(&ledger) }
        #expect(choices == [.open, .open, .wait, .refuse])
        #expect(ledger.open == 2)
        #expect(ledger.waiting == 1)
    }

    @Test("a connection that goes makes room for one")
    func release() {
        var ledger = ConnectionLedger<Int>(limit: 1, waitingLimit: 0, lifetime: 1000)
        let choice1 = choose(&ledger)
        #expect(choice1 == .open)
        let choice2 = choose(&ledger)
        #expect(choice2 == .refuse)
        ledger.release()
        let choice3 = choose(&ledger)
        #expect(choice3 == .open)
    }

    @Test("the one used last is used next")
    func order() {
        var ledger = ConnectionLedger<Int>(limit: 9, waitingLimit: 0, lifetime: 1000)
        for connection in 1...3 { ledger.keep(connection, openedAt: 0, now: Int64(connection)) }
        let choices = (1...4).map { _ in choose(&ledger) }
        #expect(choices == [.reuse(3), .reuse(2), .reuse(1), .open])
    }

    @Test("who asks for a fresh one gets none that is kept")
    func fresh() {
        var ledger = ConnectionLedger<Int>(limit: 9, waitingLimit: 0, lifetime: 1000)
        ledger.keep(1, openedAt: 0, now: 0)
        let choice4 = choose(&ledger, fresh: true)
        #expect(choice4 == .open)
    }

    @Test("nobody overtakes those who wait")
    func fairness() {
        var ledger = ConnectionLedger<Int>(limit: 1, waitingLimit: 2, lifetime: 1000)
        let choices = (1...2).map { _ in choose(&ledger) }
        #expect(choices == [.open, .wait])
        ledger.release()
        let choice5 = choose(&ledger)
        #expect(choice5 == .wait)
        let isFirst = ledger.claim()
        #expect(isFirst)
        ledger.stopWaiting()
        ledger.stopWaiting()
        let isSecond = ledger.claim()
        #expect(!isSecond)
    }

    @Test(
        "idle for too long, or too old: both are taken out",
        arguments: [
            (50, 0, []), (150, 0, [1]), (250, 0, [1, 2]), (0, 1000, [1]), (0, 1200, [1, 2]),
        ]
            as [(Int64, Int64, [Int])])
    func ages(idleSince: Int64, now: Int64, expected: [Int]) {
        var ledger = ConnectionLedger<Int>(limit: 9, waitingLimit: 0, lifetime: 1000)
        ledger.keep(1, openedAt: 0, now: 100)
        ledger.keep(2, openedAt: 200, now: 200)
        let old = ledger.takeOld(idleSince: idleSince, now: now)
        #expect(old == expected)
        let rest = ledger.takeAll()
        #expect(rest == [1, 2].filter { !expected.contains($0) })
    }

    @Test("a connection is young until its lifetime is over")
    func lifetime() {
        let ledger = ConnectionLedger<Int>(limit: 1, waitingLimit: 0, lifetime: 1000)
        #expect(ledger.isYoung(openedAt: 500, now: 1499))
        #expect(!ledger.isYoung(openedAt: 500, now: 1500))
    }

    @Test("one that is forgotten is not used")
    func forget() {
        var ledger = ConnectionLedger<Int>(limit: 1, waitingLimit: 0, lifetime: 1000)
        ledger.keep(1, openedAt: 0, now: 0)
        ledger.forget { $0 == 1 }
        ledger.forget { $0 == 2 }
        let choice6 = choose(&ledger)
        #expect(choice6 == .open)
    }
}
