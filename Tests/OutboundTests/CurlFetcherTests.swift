import Cryptography
import TestSupport
import Testing

@testable import Outbound

@Suite("fetching by libcurl")
struct CurlFetcherTests {
    private let fetcher = CurlFetcher(threads: 2, queue: 8)

    private static func server(
        _ certificate: TestCertificates.Kind = .good
    ) throws -> KeyServer {
        try KeyServer.start(keys: [TestKey(.es256, keyID: "a")], certificate: certificate)
    }

    private func fetch(
        _ server: KeyServer, timeout: Duration = .seconds(10),
        _ change: (inout HTTPFetch) -> Void = { _ in }
    ) async -> Result<[UInt8], FetchError> {
        var request = HTTPFetch(
            url: server.keySetURL, allowsPrivateAddresses: true,
            certificateFile: server.certificateFile, timeout: timeout)
        change(&request)
        do throws(FetchError) {
            return .success(try await fetcher.fetch(request))
        } catch {
            #expect(!error.description.contains("\n"))
            return .failure(error)
        }
    }

    private func refusal(in result: Result<[UInt8], FetchError>) throws -> FetchError {
        guard case .failure(let error) = result else { throw SupportError("it was served") }
        return error
    }

    @Test("gets a document over TLS, under its own name, and asks for nothing else")
    func good() async throws {
        let server = try Self.server()
        let body = try await fetch(server).get()
        #expect(body == KeyServerAnswer.keySet(server.keys).body)
        let request = try #require(server.requests.first)
        #expect(request.isHTTPS)
        #expect(request.values("user-agent") == ["ostiary"])
        #expect(request.values("accept") == ["application/json"])
        for name in ["cookie", "authorization", "accept-encoding", "referer"] {
            #expect(request.values(name) == [])
        }
    }

    @Test("77: an answer that is none is one clear sentence")
    func refusals() async throws {
        let server = try Self.server()
        let cases: [(KeyServerMode, FetchError.Reason)] = [
            (.status(500), .status), (.status(404), .status), (.status(204), .status),
            (.status(304), .status), (.huge(announced: true), .tooLarge),
            (.huge(announced: false), .tooLarge), (.redirectToOtherHost, .redirect),
            (.redirectToHTTP, .redirect), (.redirectToItself, .redirect),
            (.cutShort, .connection),
        ]
        for (mode, reason) in cases {
            server.mode = mode
            let result = await fetch(server) { $0.allowsHTTP = true }
            #expect(throws: FetchError.self) { try result.get() }
            guard case .failure(let error) = result else { continue }
            #expect(error.reason == reason, "\(mode): \(error)")
        }
        #expect(server.requestCount("/moved") == 0)
        // The first and three redirects.
        #expect(server.requests.suffix(5).count { $0.path == "/jwks" } == 5)
    }

    @Test("77: follows a redirect on the same server")
    func redirect() async throws {
        let server = try Self.server()
        server.mode = .redirectToSameOrigin
        #expect(try await fetch(server).get() == KeyServerAnswer.keySet(server.keys).body)
        #expect(server.requestCount("/moved") == 1)
    }

    @Test("77: a slow drip and a silent server end with the time, a delayed one does not")
    func slow() async throws {
        let server = try Self.server()
        for mode in [KeyServerMode.slowDrip, .silence, .delayed(.seconds(30))] {
            server.mode = mode
            let start = ContinuousClock.now
            let result = await fetch(server, timeout: .milliseconds(400))
            #expect(ContinuousClock.now - start < .seconds(5))
            guard case .failure(let error) = result else {
                Issue.record("\(mode) was served")
                continue
            }
            #expect(error.reason == .timeout)
            #expect(error.description.hasSuffix("did not answer in full within 400 ms"))
        }
        server.mode = .delayed(.milliseconds(300))
        #expect(try await fetch(server).get() == KeyServerAnswer.keySet(server.keys).body)
    }

    @Test("77: a silent peer cannot hold up the greeting of TLS either")
    func silentPeer() async throws {
        let listener = try Socket.listen()
        let server = try Self.server()
        let result = await fetch(server, timeout: .milliseconds(300)) {
            $0.url = "https://localhost:\(listener.localPort)/"
        }
        let error = try refusal(in: result)
        #expect(error.reason == .timeout)
    }

    @Test("77: what is packed stays packed")
    func gzipBomb() async throws {
        let server = try Self.server()
        server.mode = .gzipBomb
        let body = try await fetch(server).get()
        #expect(body.prefix(2) == [0x1F, 0x8B])
        #expect(body.count < 64 * 1024)
    }

    @Test("a head without end is not read to its end")
    func endlessHead() async throws {
        let server = try Self.server()
        let answer = KeyServerAnswer().changed {
            $0.headers = (0..<3_000).map { ("X-\($0)", String(repeating: "x", count: 40)) }
        }
        server.script("/long", answer)
        let result = await fetch(server) { $0.url = server.issuer + "/long" }
        let error = try refusal(in: result)
        #expect(error.reason == .tooLarge)
    }

    @Test("http is for those who allow it")
    func plain() async throws {
        let server = try Self.server()
        let url = "http://localhost:\(server.plainPort)/jwks"
        let error = try refusal(in: await fetch(server) { $0.url = url })
        #expect(error.reason == .url)
        #expect(server.connectionCount == 0)
        let allowed = await fetch(server) {
            $0.url = url
            $0.allowsHTTP = true
        }
        #expect(try allowed.get() == KeyServerAnswer.keySet(server.keys).body)
    }

    @Test(
        "trusts no certificate for another name, of the past, or of an unknown authority",
        arguments: TestCertificates.Kind.allCases)
    func certificates(kind: TestCertificates.Kind) async throws {
        let server = try Self.server(kind)
        let results = [
            await fetch(server),
            // The system does not know the authority of the tests.
            await fetch(server) { $0.certificateFile = nil },
            await fetch(server) { $0.certificateFile = "/nowhere/ca.pem" },
        ]
        for (index, result) in results.enumerated() where index > 0 || kind != .good {
            guard case .failure(let error) = result else {
                Issue.record("\(kind) was served")
                continue
            }
            #expect(error.reason == .tls, "\(error)")
            // Advice only where it helps: not for a name or a date that is wrong.
            #expect(
                error.description.hasSuffix("name its certificate (`ca`)") == (index == 1),
                "\(error)")
        }
        if kind == .good { #expect(throws: Never.self) { try results[0].get() } }
        #expect(server.requests.count == (kind == .good ? 1 : 0))
    }

    @Test("names keep their capitals where a sentence is made of libcurl's words")
    func capitals() throws {
        let transfer = Transfer(
            request: HTTPFetch(url: "https://id.test/"),
            url: try WebURL("https://id.test/", allowsHTTP: false), timeout: .seconds(1),
            isGivenUp: { false })
        let reception = Reception(
            maximumByteCount: 1, allowsAnyAddress: true, isGivenUp: { false })
        for (detail, told) in [
            ("OpenSSL SSL_connect: reset", "OpenSSL SSL_connect: reset"),
            ("SSL certificate problem", "SSL certificate problem"),
            ("Failed to begin", "failed to begin"),
        ] {
            let error = transfer.failure(35, detail, reception)
            #expect(error.description == "no TLS with `https://id.test/`: \(told)")
        }
    }

    @Test(
        "83: connects to no address that is not public, whatever the URL calls it",
        arguments: [
            "localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::1]",
            "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "169.254.169.254", "[fe80::1]", "10.0.0.1",
            "127.0.0.1.",
        ])
    func guarded(host: String) async throws {
        let decoy = try DecoyListener()
        let request = HTTPFetch(url: "https://\(host):\(decoy.port)/", timeout: .seconds(2))
        await #expect {
            try await fetcher.fetch(request)
        } throws: { error in
            (error as? FetchError)?.reason == .address
        }
        #expect(decoy.connectionCount == 0)
    }

    @Test("83: a name that resolves to this machine is refused where it is connected to")
    func rebinding() async throws {
        let server = try Self.server()
        let error = try refusal(in: await fetch(server) { $0.allowsPrivateAddresses = false })
        #expect(error.reason == .address)
        #expect(error.description.contains("1`, which is a loopback address"))
        #expect(server.connectionCount == 0)
    }

    @Test("83: a proxy may be anywhere, but is not asked for addresses of this machine")
    func proxy() async throws {
        let server = try Self.server()
        server.script("http://elsewhere.test/jwks", KeyServerAnswer("{}"))
        func request(_ url: String) async -> Result<[UInt8], FetchError> {
            await fetch(server) {
                $0.url = url
                $0.allowsHTTP = true
                $0.allowsPrivateAddresses = false
                $0.proxy = "http://localhost:\(server.plainPort)"
            }
        }
        #expect(try await request("http://elsewhere.test/jwks").get() == Array("{}".utf8))
        let hosts = [
            "127.0.0.1", "169.254.169.254", "[::1]", "0x7f.1", "localhost", "a.localhost.",
        ]
        for host in hosts {
            let error = try refusal(in: await request("http://\(host)/jwks"))
            #expect(error.reason == .address, "\(host): \(error)")
        }
        #expect(server.requests.count == 1)
    }

    @Test("nothing at the port, no such host, and a wrong proxy are told apart")
    func unreachable() async throws {
        let server = try Self.server()
        let port = try freePort()
        func failure(_ change: (inout HTTPFetch) -> Void) async -> String {
            guard case .failure(let error) = await fetch(server, change) else { return "served" }
            #expect(error.reason == .connection)
            return error.description
        }
        #expect(
            await failure { $0.url = "https://localhost:\(port)/" }
                == "nothing answers at `https://localhost:\(port)/`")
        #expect(
            await failure { $0.proxy = "http://localhost:\(port)" }
                == "nothing answers at the proxy")
        // Without a network, looking the name up may take all the time.
        let unknown = try refusal(
            in: await fetch(server, timeout: .seconds(2)) { $0.url = "https://no-such.invalid/" })
        #expect([.connection, .timeout].contains(unknown.reason), "\(unknown)")
    }

    @Test("a cancelled task does not wait for the server")
    func cancellation() async throws {
        let server = try Self.server()
        server.mode = .silence
        let start = ContinuousClock.now
        let task = Task(priority: .userInitiated) { await fetch(server, timeout: .seconds(60)) }
        #expect(server.waitForFetches(1))
        task.cancel()
        let error = try refusal(in: await task.value)
        #expect(error.reason == .stopped)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("a bounded number waits; stopping ends all of them")
    func bounds() async throws {
        let server = try Self.server()
        server.mode = .silence
        let fetcher = CurlFetcher(threads: 1, queue: 1)
        let request = HTTPFetch(
            url: server.keySetURL, allowsPrivateAddresses: true,
            certificateFile: server.certificateFile, timeout: .seconds(60))
        let start = ContinuousClock.now
        let results = await withTaskGroup(of: Result<[UInt8], FetchError>.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    do throws(FetchError) {
                        return .success(try await fetcher.fetch(request))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var results: [Result<[UInt8], FetchError>] = []
            // One runs, one waits; the others are refused at once.
            while results.count < 3, let result = await group.next() { results.append(result) }
            #expect(server.waitForFetches(1))
            fetcher.stop()
            for await result in group { results.append(result) }
            return results
        }
        for case .failure(let error) in results { #expect(error.reason == .stopped) }
        #expect(results.count == 5)
        #expect(server.fetchCount == 1)
        #expect(ContinuousClock.now - start < .seconds(20))
        await #expect(throws: FetchError(.stopped, "fetching was given up")) {
            try await fetcher.fetch(request)
        }
    }
}
