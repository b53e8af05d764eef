import Cryptography
import Outbound
import TestSupport
import Testing
import TokenVerification

@testable import KeyDiscovery

@Suite("fetching keys from an issuer")
struct KeyFetchTests {
    private let fetcher = CurlFetcher(threads: 2)
    private let server: KeyServer

    init() throws {
        server = try KeyServer.start(keys: [
            TestKey(.es256, keyID: "a"), TestKey(.rs256, keyID: "b"),
        ])
    }

    private func request(_ url: String) -> HTTPFetch {
        HTTPFetch(
            url: url, allowsPrivateAddresses: true, certificateFile: server.certificateFile,
            timeout: .seconds(10))
    }

    private func keys() async throws(KeyFetchError) -> FetchedKeys {
        try await KeyFetch.keySet(at: request(server.keySetURL), fetcher)
    }

    private func discovered(
        _ issuer: String, _ change: (inout HTTPFetch) -> Void = { _ in }
    ) async throws(KeyFetchError) -> FetchedKeys {
        var template = request(server.issuer + KeyServer.metadataPath)
        change(&template)
        return try await KeyFetch.discover(issuer: issuer, template, fetcher)
    }

    /// The sentence with which it fails; a test fails when it does not.
    private func failure(_ fetch: () async throws -> FetchedKeys) async -> String {
        do {
            let keys = try await fetch().keys.keys.map(\.keyID)
            Issue.record("it was accepted: \(keys)")
            return ""
        } catch {
            #expect(error is KeyFetchError)
            #expect(!"\(error)".contains("\n"))
            return "\(error)"
        }
    }

    @Test("a good set, directly and by the issuer's metadata")
    func good() async throws {
        let direct = try await keys()
        #expect(direct.keys.keys.map(\.keyID) == ["a", "b"])
        #expect(direct.url == server.keySetURL)
        let found = try await discovered(server.issuer)
        #expect(found.keys.keys.map(\.keyID) == ["a", "b"])
        #expect(found.url == server.keySetURL)
        #expect(found.document == direct.document)
    }

    @Test("71: a set with a private or symmetric key is refused whole")
    func secrets() async {
        for mode in [KeyServerMode.privateMember, .symmetricKey] {
            server.mode = mode
            #expect(await failure { try await keys() }.contains("private or symmetric key"))
        }
    }

    @Test("72: two keys of one kid for one algorithm are refused; for two algorithms both count")
    func duplicates() async throws {
        server.mode = .duplicateKeyID
        #expect(await failure { try await keys() }.contains("the same `kid`"))
        server.mode = .good
        server.keys = [try TestKey(.es256, keyID: "k"), try TestKey(.rs256, keyID: "k")]
        let set = try await keys().keys
        #expect(set.keys.map(\.algorithms) == [[.es256], [.rs256]])
    }

    @Test("74: an unknown and a broken key among good ones are skipped and reported")
    func unusable() async throws {
        server.mode = .someUnusable
        let set = try await keys().keys
        #expect(set.keys.map(\.keyID) == ["a", "b"])
        #expect(set.skipped.map(\.keyID) == ["strange", "broken"])
        server.mode = .text(#"{"keys":[{"kty":"unknown","kid":"strange"}]}"#)
        #expect(
            await failure { try await keys() }.hasPrefix(
                "`\(server.keySetURL)`: the set holds no key that can verify tokens: key 1: "))
    }

    @Test("75, 76, 77: what is no key set is one sentence, and nothing of it is repeated")
    func refused() async {
        let cases: [(KeyServerMode, String)] = [
            (.manyKeys, "larger than"), (.huge(announced: true), "larger than"),
            (.huge(announced: false), "larger than"), (.emptySet, "holds no key"),
            (.brokenJSON, "the text ends too early"),
            (.html, "answered HTML, not a key set; check the path"),
            (.text(""), "answered nothing, with status 200, not a key set"),
            (.text("Sign in"), "answered what is not JSON, not a key set"),
            (.text("-----BEGIN PUBLIC KEY-----"), "answered PEM, not a key set"),
            (.text(#"{"issuer":"i","jwks_uri":"j"}"#), "answered with an issuer's metadata"),
            (.text("[]"), "not an object"),
            (.text(#"{"keys":{}}"#), "not an object with an array `keys`"),
            (.text(#"{"keys":[],"keys":[]}"#), "already has a member"),
            (.gzipBomb, "answered what is packed (gzip), not a key set"),
            (.status(500), "status 500"),
            (.redirectToOtherHost, "redirects to another server, `https://127.0.0.1:"),
            (.redirectToHTTP, "redirects to another server, `http://localhost:"),
        ]
        for (mode, words) in cases {
            server.mode = mode
            let sentence = await failure { try await keys() }
            #expect(sentence.contains(words), "\(mode): \(sentence)")
            #expect(sentence.contains("`\(server.keySetURL)"), "\(mode): \(sentence)")
            #expect(!sentence.contains("Sign in") && !sentence.contains("P-256"))
        }
    }

    @Test("82: metadata of an issuer that is called a little differently is refused")
    func otherIssuer() async {
        let issuer = server.issuer
        let others = [
            issuer + "/", issuer.uppercased(), issuer + "/tenant", issuer + "?", issuer + " ",
            "http" + issuer.dropFirst(5), issuer.replacing("localhost", with: "LOCALHOST"),
            issuer.replacing("localhost", with: "127.0.0.1"), "",
        ]
        for other in others {
            server.metadata = .issuer(other)
            let sentence = await failure { try await discovered(issuer) }
            #expect(
                sentence.contains("is not that of `\(issuer)`: its `issuer` is `\(other)`"),
                "\(sentence)")
            #expect(
                sentence.hasSuffix(", and a slash at the end and the case count")
                    == [
                        issuer + "/", issuer.uppercased(),
                        issuer.replacing("localhost", with: "LOCALHOST"),
                    ]
                    .contains(other), "\(sentence)")
        }
        server.metadata = .good
        for other in others {
            let sentence = await failure { try await discovered(other) }
            #expect(sentence.contains("its `issuer` is `\(issuer)`"), "\(sentence)")
        }
        // Equal as Swift compares texts, but not the same bytes.
        server.metadata = .issuer("https://e\u{301}.test")
        _ = await failure { try await discovered("https://\u{e9}.test") }
        #expect(server.fetchCount == 0)
    }

    @Test("82: metadata that is none is refused")
    func noMetadata() async {
        let cases: [(KeyServerMetadata, String)] = [
            (.withoutKeySetURL, "has no `jwks_uri`"),
            (.text("<html>"), "answered HTML, not the issuer's metadata"),
            (.text("{}"), "its `issuer` is missing"), (.text(#"{"issuer":1}"#), "its `issuer`"),
            (
                .text(#"{"issuer":"\#(server.issuer)","issuer":"x","jwks_uri":"y"}"#),
                "not strict JSON"
            ),
            (.keySetURL(""), "`jwks_uri` at `\(server.issuer)\(KeyServer.metadataPath)`: "),
            (.keySetURL("/jwks"), "`/jwks` is not a whole URL"),
            (.keySetURL("http://localhost:1/k"), "names `http://localhost:1/k` as `jwks_uri`"),
            (.scripted(.redirect(to: "https://127.0.0.1:\(server.port)/m")), "another server"),
        ]
        for (metadata, words) in cases {
            server.metadata = metadata
            let sentence = await failure { try await discovered(server.issuer) }
            #expect(sentence.contains(words), "\(metadata): \(sentence)")
        }
        #expect(server.fetchCount == 0)
    }

    @Test("a set that has moved is found by the metadata")
    func moved() async throws {
        server.metadata = .keySetURL(server.issuer + "/moved")
        #expect(try await discovered(server.issuer).url == server.issuer + "/moved")
        #expect(server.fetchCount == 0)
    }

    @Test("83: metadata cannot send the gateway to addresses that are not public")
    func forgedRequests() async throws {
        let decoy = try DecoyListener()
        let template = HTTPFetch(url: "https://issuer.test/m", timeout: .seconds(2))
        let urls = [
            "https://127.0.0.1:PORT/jwks", "https://169.254.169.254/latest", "https://[::1]:PORT/",
            "https://localhost:PORT/jwks", "https://[::ffff:127.0.0.1]:PORT/", "https://10.0.0.1/",
            "https://0x7f000001:PORT/", "https://[fd00::1]/", "https://0:PORT/",
            "http://localhost:PORT/jwks", "file:///etc/passwd", "gopher://localhost:PORT/",
        ]
        for url in urls.map({ $0.replacing("PORT", with: "\(decoy.port)") }) {
            // The metadata comes from elsewhere: the fetch of it alone is let through.
            let metadata = KeyServerMetadata.keySetURL(url).answer(on: server).body
            let fetcher = GuardedButForMetadata(fetcher: fetcher, metadata: metadata)
            let sentence = await failure {
                try await KeyFetch.discover(issuer: server.issuer, template, fetcher)
            }
            #expect(
                sentence.contains(" address") || sentence.contains("not an `https:` URL")
                    || sentence.contains("(`allow_http`)")
                    || sentence.contains("not a whole URL"), "\(sentence)")
        }
        #expect(decoy.connectionCount == 0)
    }
}

/// Answers for a public server with metadata; everything else is fetched really.
private struct GuardedButForMetadata: HTTPFetching {
    let fetcher: CurlFetcher
    let metadata: [UInt8]

    func fetch(_ request: HTTPFetch) async throws(FetchError) -> [UInt8] {
        guard request.url != "https://issuer.test/m" else { return metadata }
        return try await fetcher.fetch(request)
    }
}
