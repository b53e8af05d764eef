import Foundation
import TestSupport
import Testing

@Suite("a policy that is changed while the gateway runs", .serialized, .blocking)
struct ReloadTests {
    /// Two policies that say who asks in different headers, so that the app sees which one decided.
    private static func policy(_ name: String, extra: String = "") -> String {
        attackPolicy.replacing(
            "X-Auth-User: subject, X-Auth-Roles: roles",
            with: "X-\(name)-User: subject, X-\(name)-Roles: roles"
        ) + extra
    }

    private static func withGate(
        _ test: (GateFixture, _ operators: UInt16) async throws -> Void
    ) async throws {
        let fixture = try GateFixture { configuration in
            configuration.policy = policy("Old")
            configuration.lines.append("admin: {listener: \"127.0.0.1:0\"}")
        }
        defer { fixture.stop() }
        let line = try #require(fixture.gate.logLine(with: ["answering operators"]))
        let port = line.split(separator: ":").last.flatMap { UInt16($0.prefix { $0.isNumber }) }
        try await test(fixture, try #require(port))
        #expect(fixture.gate.isRunning, "\(fixture.gate.log.suffix(4_000))")
    }

    private static func metrics(_ operators: UInt16) throws -> String {
        let client = try RawConnection(port: operators)
        try client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return latin1(try client.response().body)
    }

    /// Which policy the app was told about, or nil if it was not exactly one.
    private static func decider(_ request: RecordedRequest) -> String? {
        let names = Set(
            request.headerLines.map { $0.prefix { $0 != ":" }.lowercased() })
        let found = ["old", "new"].filter { name in
            names.contains("x-\(name)-user") || names.contains("x-\(name)-roles")
        }
        guard found.count == 1, names.contains("x-\(found[0])-user"),
            names.contains("x-\(found[0])-roles")
        else { return nil }
        return found[0]
    }

    @Test("at a thousand requests in a second none is dropped, and each has one policy alone")
    func underLoad() async throws {
        try await Self.withGate { fixture, operators in
            let token = try fixture.issuer.token()
            let refused = Locked<[Int]>([])
            let isOver = Locked(false)
            let group = DispatchGroup()
            for _ in 0..<4 {
                group.enter()
                Thread.detachNewThread {
                    defer { group.leave() }
                    guard let client = try? fixture.gate.connect() else { return }
                    var next = ContinuousClock.now
                    while !isOver.withLock({ $0 }) {
                        next += .milliseconds(4)
                        let request =
                            "GET /api/x HTTP/1.1\r\nHost: app.test\r\n"
                            + "Authorization: Bearer \(token)\r\n\r\n"
                        guard (try? client.send(request)) != nil,
                            let answer = try? client.response()
                        else {
                            refused.withLock { $0.append(0) }
                            return
                        }
                        if answer.status != 200 { refused.withLock { $0.append(answer.status) } }
                        let pause = ContinuousClock.now.duration(to: next)
                        if pause > .zero { usleep(UInt32(pause / .microseconds(1))) }
                    }
                }
            }
            for round in 0..<6 {
                try fixture.gate.write(policy: Self.policy(round % 2 == 0 ? "New" : "Old"))
                fixture.gate.send(SIGHUP)
                usleep(300_000)
                let isThere = "reloads_total{result=\"ok\"} \(round + 1)\n"
                for _ in 0..<100 where try !Self.metrics(operators).contains(isThere) {
                    usleep(100_000)
                }
            }
            isOver.withLock { $0 = true }
            group.wait()
            let requests = fixture.upstream.requests(path: "/api/x")
            print("\(requests.count) requests over six changes of the policy")
            #expect(refused.withLock { $0 } == [])
            #expect(requests.count > 400)
            #expect(requests.allSatisfy { Self.decider($0) != nil })
            #expect(Set(requests.compactMap(Self.decider)) == ["old", "new"])
            #expect(try Self.metrics(operators).contains("reloads_total{result=\"ok\"} 6\n"))
        }
    }

    @Test("a changed file takes effect by itself")
    func byItself() async throws {
        try await Self.withGate { fixture, _ in
            let token = try fixture.issuer.token()
            try fixture.gate.write(policy: Self.policy("New"))
            let line = fixture.gate.logLine(with: ["policy changed"], within: .seconds(10))
            try #require(line != nil, "\(fixture.gate.log)")
            let answer = try fixture.gate.exchange(
                "GET /api/y HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n\r\n")
            #expect(answer.status == 200)
            #expect(fixture.upstream.requests(path: "/api/y").compactMap(Self.decider) == ["new"])
        }
    }

    @Test("a broken file changes nothing, and log and metric say so")
    func broken() async throws {
        try await Self.withGate { fixture, operators in
            let token = try fixture.issuer.token()
            try fixture.gate.write(
                policy: Self.policy(
                    "New", extra: "  - {id: more, match: GET /more, allow: {role: admn}}\n"))
            fixture.gate.send(SIGHUP)
            let line = fixture.gate.logLine(with: ["stays in force"], within: .seconds(10))
            #expect(line?.contains("policy.yaml:") == true, "\(fixture.gate.log)")
            #expect(line?.contains("did you mean `admin`?") == true, "\(line ?? "")")
            let metrics = try Self.metrics(operators)
            #expect(metrics.contains("ostiary_policy_outdated 1\n"))
            #expect(metrics.contains("ostiary_policy_reloads_total{result=\"failed\"} 1\n"))
            let answer = try fixture.gate.exchange(
                "GET /api/z HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n\r\n")
            #expect(answer.status == 200)
            #expect(fixture.upstream.requests(path: "/api/z").compactMap(Self.decider) == ["old"])

            try fixture.gate.write(policy: Self.policy("Old"))
            fixture.gate.send(SIGHUP)
            let isMended = Deadline.after(.seconds(10)).waits {
                (try? Self.metrics(operators).contains("ostiary_policy_outdated 0\n")) == true
            }
            #expect(isMended)
            #expect(fixture.gate.logLine(with: ["in force again"], within: .seconds(10)) != nil)
        }
    }

    @Test("an issuer that the changed policy adds must have keys, or the file is refused")
    func anotherIssuer() async throws {
        try await Self.withGate { fixture, _ in
            let more =
                "  corp: {issuer: \"https://corp.test\", audience: [app], "
                + "subject_prefix: \"corp:\"}\nclaims:"
            try fixture.gate.write(
                policy: Self.policy("New").replacing("claims:", with: more)
                    .replacing("EdDSA]}", with: "EdDSA], subject_prefix: \"t:\"}"))
            fixture.gate.send(SIGHUP)
            let line = fixture.gate.logLine(with: ["stays in force"], within: .seconds(10))
            #expect(line?.contains("corp") == true, "\(fixture.gate.log)")
        }
    }

    @Test("a policy that asks for tests waits until they pass, the golden file among them")
    func tested() async throws {
        try await Self.withGate { fixture, _ in
            let path = fixture.gate.policyPath
            func says(_ words: String...) -> Bool {
                fixture.gate.logLine(with: words, within: .seconds(10)) != nil
            }
            try fixture.gate.write(
                policy: Self.policy("New").replacing(
                    "version: 1", with: "version: 1\ntests: required"))
            #expect(says("stays in force", "there is no file"))
            let cases = "cases: [{as: anonymous, GET: /api/x, expect: %}]\n"
            try fixture.gate.write(tests: cases.replacing("%", with: "allow"))
            #expect(says("stays in force", "expected `allow`, but it is"))
            try fixture.gate.write(
                tests: cases.replacing("%", with: "401") + "matrix: {golden: m.txt}\n")
            #expect(says("stays in force", "no golden file"))
            let program = try BuiltProgram.ostiary.path()
            let update = try ChildProcess(program, ["policy", "test", path, "--update"])
            defer { update.stop() }
            #expect(update.exitStatus(within: .seconds(20)) == 0, "\(update.standardError)")
            #expect(says("policy changed"))
            let token = try fixture.issuer.token()
            let answer = try fixture.gate.exchange(
                "GET /api/t HTTP/1.1\r\nHost: app.test\r\n"
                    + "Authorization: Bearer \(token)\r\n\r\n")
            #expect(answer.status == 200)
            #expect(fixture.upstream.requests(path: "/api/t").compactMap(Self.decider) == ["new"])
        }
    }

    @Test("a route that no request comes to keeps a policy from taking effect")
    func lint() async throws {
        try await Self.withGate { fixture, _ in
            let methods = "GET|POST|PUT|PATCH|DELETE|OPTIONS|WEBSOCKET"
            try fixture.gate.write(
                policy: Self.policy(
                    "New",
                    extra: "  - {id: never, match: ANY /never, allow: {role: admin}}\n"
                        + "  - {id: always, match: \(methods) /never, allow: {role: admin}}\n"))
            let line = fixture.gate.logLine(with: ["stays in force"], within: .seconds(10))
            #expect(line?.contains("no request ever comes to route `never`") == true)
        }
    }

    @Test("rules of an issuer change with the policy, for tokens that are known already, too")
    func otherRules() async throws {
        try await Self.withGate { fixture, _ in
            let token = try fixture.issuer.token()
            let request =
                "GET /api/x HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n\r\n"
            #expect(try fixture.gate.exchange(request).status == 200)
            try fixture.gate.write(
                policy: Self.policy("Old").replacing("audience: [app]", with: "audience: [other]"))
            fixture.gate.send(SIGHUP)
            try #require(
                fixture.gate.logLine(with: ["policy changed"], within: .seconds(10)) != nil)
            #expect(try fixture.gate.exchange(request).status == 401)
        }
    }
}
