import TestSupport
import Testing

@Suite(
    "many sign-ins at once", .gate({ $0.useAccounts(defaultRoles: ["viewer"]) }), .serialized)
struct SignInLoadTests {
    @Test("the excess is told to come back, and requests with tokens go on meanwhile")
    func flood() throws {
        let fixture = try currentFixture()
        let gate = fixture.gate
        let (person, tokens) = try gate.newcomer()
        let request = wireBytes(AccountRequest.signIn(person))
        let clients = try (0..<200).map { _ in try gate.connect() }
        for client in clients { try client.send(Array(request.dropLast())) }
        let forwarding = try gate.connect()
        try forwarding.send(AccountRequest.get("/api/before", tokens.access))
        #expect(try forwarding.response().status == 200)
        for client in clients { try client.send(Array(request.suffix(1))) }

        var slowest = Duration.zero
        for number in 1...40 {
            let start = ContinuousClock.now
            try forwarding.send(AccountRequest.get("/api/during/\(number)", tokens.access))
            #expect(try forwarding.response().status == 200)
            slowest = max(slowest, ContinuousClock.now - start)
        }
        #expect(slowest < .seconds(1), "\(slowest)")

        let answers = try clients.map { try $0.response(within: .seconds(60)) }
        let served = answers.filter { $0.status == 200 }
        let excess = answers.filter { $0.status != 200 }
        #expect(served.count >= 64)
        #expect(!excess.isEmpty)
        for answer in excess {
            #expect(answer.status == 503)
            #expect(answer.reason == "hashing_busy")
            let wait = answer.value("Retry-After").flatMap { Int($0) }
            #expect((1...120).contains(wait ?? 0))
        }
        // Nobody is kept out any longer than it takes.
        let recovered = try Deadline.after(.seconds(20)).waits {
            try gate.exchange(AccountRequest.signIn(person)).status == 200
        }
        #expect(recovered)
    }
}
