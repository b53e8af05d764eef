import AccessPolicy
import Testing

@testable import ReverseProxy

@Suite("how many connections clients may have")
struct ClientCountsTests {
    private func group(_ text: String) throws -> ClientGroup {
        ClientGroup(try #require(IPAddress(text)))
    }

    @Test(
        "who is one client",
        arguments: [
            ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false),
            ("2001:db8::1", "2001:db8::ffff:1", true), ("2001:db8::1", "2001:db8:0:1::1", false),
            ("::ffff:10.0.0.1", "10.0.0.1", true), ("::1", "0.0.0.0", false),
        ])
    func groups(one: String, other: String, areSame: Bool) throws {
        #expect((try group(one) == group(other)) == areSame)
    }

    @Test("one client's share ends before that of all")
    func shares() throws {
        let counts = ClientCounts(limit: 3, groupLimit: 2)
        let one = try group("10.0.0.1")
        #expect(counts.enter(one) == .admitted)
        #expect(counts.enter(one) == .admitted)
        #expect(counts.enter(one) == .tooManyOfOne)
        #expect(counts.enter(try group("10.0.0.2")) == .admitted)
        #expect(counts.enter(try group("10.0.0.3")) == .tooMany)
        counts.leave(one)
        #expect(counts.enter(one) == .admitted)
    }

    @Test("those that are not counted one by one are counted in all")
    func uncounted() {
        let counts = ClientCounts(limit: 2, groupLimit: 1)
        #expect((1...3).map { _ in counts.enter(nil) } == [.admitted, .admitted, .tooMany])
    }

    @Test(
        "the loops' shares are all there is",
        arguments: [(1, 1), (10, 3), (4096, 2), (3, 8), (0, 4)])
    func loopShares(count: Int, threads: Int) {
        let address = ProxySettings.Address(host: "127.0.0.1", port: 1)
        let settings = ProxySettings(listeners: [], upstream: address, threads: threads)
        let shares = (0..<threads).map { settings.share(of: count, loop: $0) }
        #expect(shares.reduce(0, +) == count)
        #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= 1)
    }
}
