import Cryptography
import Testing
import TokenVerification

@testable import KeyDiscovery

@Suite("names of keys that an issuer does not have")
final class AbsentNamesTests {
    private var names = AbsentNames()

    /// A fetch that begins after all that was asked, and brings these.
    private func fetch(at time: Int, bringing present: [String] = []) {
        names.fetchBegins()
        names.fetched(present: Set(present.map(KeyName.test)), gone: [], at: .seconds(time))
    }

    private func ask(_ name: String, _ time: Int) -> Bool { ask(.test(name), time) }

    private func ask(_ name: KeyName, _ time: Int) -> Bool {
        names.ask(for: name, at: .seconds(time))
    }

    @Test("only a fetch that begins after the question answers it")
    func order() {
        names.fetchBegins()
        #expect(!ask("a", 1))
        names.fetched(present: [], gone: [], at: .seconds(2))
        #expect(!ask("a", 3))
        fetch(at: 4)
        #expect(ask("a", 5))
        #expect(!ask("b", 5))
    }

    @Test("what a fetch brings is not absent, and was never to be remembered")
    func brought() {
        #expect(!ask("a", 1))
        #expect(!ask("b", 1))
        fetch(at: 2, bringing: ["b"])
        #expect(names.count == 1)
        fetch(at: 3, bringing: ["a", "b"])
        #expect(names.count == 0)
        #expect(!ask("a", 4))
    }

    @Test("one name for two algorithms is two names")
    func algorithms() {
        let (one, other) = (
            KeyName(keyID: "a", algorithm: .es256), KeyName(keyID: "a", algorithm: .rs256)
        )
        #expect(one != other && one == KeyName(keyID: "a", algorithm: .es256))
        #expect(!ask(one, 0))
        fetch(at: 1)
        #expect(ask(one, 2))
        #expect(!ask(other, 2))
    }

    @Test("a failure leaves the question open, also for those who asked meanwhile")
    func failure() {
        #expect(!ask("a", 1))
        names.fetchBegins()
        #expect(!ask("b", 1))
        names.fetchFailed()
        #expect(names.count == 0)
        fetch(at: 2)
        #expect(ask("a", 3))
        #expect(ask("b", 3))
    }

    @Test("a crowd of invented names comes in slowly, and does not push out who goes on asking")
    func crowd() {
        #expect(!ask("stale", 0))
        fetch(at: 0)
        for round in 1...100 {
            for number in 0..<10_000 / 100 { _ = ask("\(round)-\(number)", round) }
            #expect(ask("stale", round))
            fetch(at: round)
            #expect(names.count <= min(AbsentNames.capacity, 1 + round * AbsentNames.askedCapacity))
        }
        #expect(names.count == AbsentNames.capacity)
        #expect(ask("stale", 101))
        #expect(!ask("1-0", 101), "the oldest went first")
    }

    @Test("the one for whose sake a fetch begins is settled by it, however many ask besides")
    func first() {
        for number in 0..<100 { _ = ask("no-\(number)", 0) }
        #expect(!ask("stale", 0))
        names.fetchBegins(for: .test("stale"))
        names.fetched(present: [], gone: [], at: .seconds(1))
        #expect(ask("stale", 2))
        #expect(names.count == AbsentNames.askedCapacity + 1)
    }

    @Test("however many keys an issuer removes at once, memory is bounded")
    func removal() {
        let gone = Set((0..<10_000).map { KeyName.test("gone-\($0)") })
        names.fetchBegins()
        names.fetched(present: [], gone: gone, at: .seconds(1))
        #expect(names.count == AbsentNames.capacity)
    }

    @Test("what nobody asks for is forgotten at the first fetch after an hour")
    func forgetting() {
        #expect(!ask("a", 0))
        #expect(!ask("b", 0))
        fetch(at: 0)
        #expect(ask("b", 1_800))
        fetch(at: 3_600)
        #expect(names.count == 1)
        #expect(ask("b", 3_700))
        #expect(!ask("a", 3_700))
    }
}
