import AccessPolicy
import Testing

@Suite struct HostTests {
    private func accepts(_ hosts: String?, _ host: String) throws -> Bool {
        let line = hosts.map { "hosts: \($0)\n" } ?? ""
        let text = "version: 1\n\(line)routes: [{id: a, match: GET /a, auth: public}]"
        return try load(text).acceptsHost(Array(host.utf8).span)
    }

    @Test("accepts any host when none is named", arguments: ["app.test", "", "127.0.0.1"])
    func anyHost(host: String) throws { #expect(try accepts(nil, host)) }

    @Test("accepts exactly the hosts that are named")
    func exact() throws {
        #expect(try accepts("[app.test, b.test]", "app.test"))
        #expect(try accepts("[app.test, b.test]", "b.test"))
        for other in ["", "test", "xapp.test", "app.test.evil", "a.app.test", "app.tesu"] {
            #expect(try !accepts("[app.test, b.test]", other))
        }
    }

    @Test("lower-cases names and drops a trailing dot", arguments: ["App.TEST", "app.test."])
    func spelling(host: String) throws { #expect(try accepts("[\(host)]", "app.test")) }

    @Test("*.suffix stands for one or more labels before the suffix")
    func wildcard() throws {
        for host in ["a.app.test", "a.b.app.test"] {
            #expect(try accepts("[\"*.app.test\"]", host))
        }
        for host in ["app.test", ".app.test", "xapp.test", "a..app.test", "a.app.test.evil"] {
            #expect(try !accepts("[\"*.app.test\"]", host))
        }
    }

    @Test("knows addresses")
    func addresses() throws {
        #expect(try accepts("[\"[::1]\", 127.0.0.1]", "[::1]"))
        #expect(try accepts("[\"[::1]\", 127.0.0.1]", "127.0.0.1"))
        #expect(try !accepts("[\"[::1]\", 127.0.0.1]", "[::2]"))
    }

    @Test(
        "refuses what is no host",
        arguments: [
            ("[\"*\"]", "remove `hosts` to answer for any host"),
            ("[\"app.test:8080\"]", "leave out the port"),
            ("[\"https://app.test\"]", "write the host alone, without a scheme"),
            ("[\"a.*.test\"]", "write `*.` in front of a whole domain"),
            ("[\"::1\"]", "write an IPv6 address in brackets, quoted"),
            ("[\"a..test\"]", "write a name such as `app.test` or `*.app.test`"),
            ("[]", "name a host, or remove `hosts` to answer for any"),
        ])
    func refusals(hosts: String, suggestion: String) {
        let found = errors("version: 1\nhosts: \(hosts)\nroutes: []")
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix(suggestion) == true, "\(found)")
    }
}
