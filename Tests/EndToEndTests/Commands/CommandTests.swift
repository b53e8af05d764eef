import TestSupport
import Testing

@Suite("what the command says when it cannot start", .blocking, .serialized)
struct CommandTests {
    @Test("an unknown key in the configuration")
    func unknownKey() throws {
        let setup = try Setup { $0.replacing("threads:", with: "threds:") }
        let line = try setup.failure(status: 78)
        #expect(line.contains("ostiary.yaml:6:1:"))
        #expect(line.contains("`threds`") && line.contains("`threads`"))
    }

    @Test("a value that makes no sense in the configuration")
    func badValue() throws {
        let setup = try Setup { $0.replacing("threads: 2", with: "threads: many") }
        let line = try setup.failure(status: 78)
        #expect(line.contains("ostiary.yaml:6:10:") && line.contains("many"))
    }

    @Test("a configuration that is no YAML")
    func noYAML() throws {
        let line = try Setup { _ in "version: [1\n" }.failure(status: 78)
        #expect(line.contains("ostiary.yaml:"))
    }

    @Test("a configuration that is not there")
    func missingFile() throws {
        let setup = try Setup { $0 }
        let line = try setup.failure(["serve", "--config", "/nowhere/ostiary.yaml"])
        #expect(line.contains("/nowhere/ostiary.yaml"))
    }

    @Test("a role in the policy that nobody declared")
    func badPolicy() throws {
        let setup = try Setup(policy: { $0.replacing("role: viewer", with: "role: viewr") }) { $0 }
        // The message, then the line with a caret and what to write instead.
        let line = try setup.failure(status: 78, lines: 5)
        #expect(line.contains("policy.yaml:15:"))
        #expect(line.contains("`viewr`") && line.contains("`viewer`"))
    }

    @Test("a policy file that is not there")
    func missingPolicy() throws {
        let setup = try Setup { $0.replacing("policy.yaml", with: "other.yaml") }
        #expect(try setup.failure().contains("other.yaml"))
    }

    @Test("several mistakes are told at once, one line each")
    func severalMistakes() throws {
        let setup = try Setup {
            $0.replacing("threads:", with: "threds:").replacing("data:", with: "dta:")
        }
        let result = try setup.run(setup.serve)
        #expect(result.status == 78)
        let lines = result.error.split(separator: "\n")
        #expect(lines.contains { $0.contains("threds") } && lines.contains { $0.contains("dta") })
        #expect(lines.allSatisfy { $0.hasPrefix("ostiary: ") })
    }

    @Test("a port that is taken")
    func portInUse() throws {
        let taken = try DecoyListener()
        let setup = try Setup { $0.replacing("127.0.0.1:0", with: "127.0.0.1:\(taken.port)") }
        let line = try setup.failure(status: 1)
        #expect(line.contains("\(taken.port)") && line.contains("in use"))
        // Finding out costs the listener nothing.
        #expect(taken.connectionCount == 0)
    }

    @Test("a key file that is not there")
    func missingKey() throws {
        let setup = try Setup { $0.replacing("test.jwks.json", with: "gone.json") }
        #expect(try setup.failure().contains("gone.json"))
    }

    @Test("a key file that holds no key", arguments: ["not a key", "{}", "{\"keys\":[]}", ""])
    func noKey(content: String) throws {
        let setup = try Setup { $0 }
        try setup.folder.write("keys/test.jwks.json", content)
        let line = try setup.failure()
        #expect(line.contains("test.jwks.json"))
        #expect(content.count < 5 || !line.contains(content))
    }

    @Test("an issuer of the policy without keys")
    func issuerWithoutKeys() throws {
        let setup = try Setup { yaml in
            String(yaml.prefix { _ in true }).split(separator: "\n")
                .filter { !$0.contains("issuers:") && !$0.contains("jwks") }
                .joined(separator: "\n") + "\n"
        }
        #expect(try setup.failure(status: 78).contains("test"))
    }

    @Test("no upstream")
    func missingUpstream() throws {
        let setup = try Setup { yaml in
            yaml.split(separator: "\n").filter { !$0.hasPrefix("upstreams:") }
                .joined(separator: "\n") + "\n"
        }
        #expect(try setup.failure(status: 78).contains("upstream"))
    }

    @Test("an upstream that is no URL", arguments: ["ftp://127.0.0.1:1", "nonsense", "http://"])
    func badUpstream(url: String) throws {
        let setup = try Setup { $0.replacing("http://127.0.0.1:9", with: url) }
        #expect(try setup.failure(status: 78).contains("ostiary.yaml:3:"))
    }

    @Test("an unknown flag")
    func unknownFlag() throws {
        let setup = try Setup { $0 }
        let result = try setup.run(["serve", "--frobnicate"])
        #expect(result.status == 64)
        #expect(result.error.contains("--frobnicate"))
        #expect(!result.error.contains("Fatal"))
    }

    @Test("an unknown setting", arguments: ["limits.hed=1KiB", "nonsense", "=", "limits.head"])
    func unknownSetting(setting: String) throws {
        let setup = try Setup { $0 }
        let line = try setup.failure(setup.serve + ["--set", setting])
        #expect(line.contains("--set"))
    }

    @Test("`policy check` accepts a good policy and points into a bad one")
    func policyCheck() throws {
        let setup = try Setup { $0 }
        let good = try setup.run(["policy", "check", "\(setup.folder.path)/policy.yaml"])
        #expect(good.status == 0)
        try setup.folder.write("bad.yaml", attackPolicy.replacing("hosts:", with: "hots:"))
        let bad = try setup.run(["policy", "check", "\(setup.folder.path)/bad.yaml"])
        #expect(bad.status == 1)
        #expect((bad.error + bad.output).contains("bad.yaml:2:1:"))
    }
}

/// A folder with a correct configuration, changed by a test.
private struct Setup {
    let folder: TemporaryFolder
    private let file: String

    init(
        policy: (String) -> String = { $0 }, _ change: (String) -> String
    ) throws {
        folder = try TemporaryFolder("command")
        // Nobody listens on the discard port, and nothing is ever forwarded to it.
        var configuration = GateProcess.Configuration(upstreamPort: 9)
        configuration.issuerKeys = ["test": TestIssuer.shared.keySet]
        configuration.policy = policy(attackPolicy)
        file = try configuration.write(to: folder)
        try folder.write("ostiary.yaml", change(try text(ofFile: file)))
    }

    var serve: [String] { ["serve", "--config", file] }

    struct Result {
        let status: Int32?
        let output: String
        let error: String
    }

    /// Runs the command to its end; a command that does not end by itself is ended, with status nil.
    func run(_ arguments: [String]) throws -> Result {
        let process = try ChildProcess(BuiltProgram.ostiary.path(), arguments)
        let status = process.exitStatus(within: .seconds(10))
        process.stop()
        return Result(
            status: status, output: process.standardOutput, error: process.standardError)
    }

    /// Expects a failure that is told in so many lines on standard error; returns them.
    func failure(
        _ arguments: [String]? = nil, status: Int32? = nil, lines expected: Int = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let result = try run(arguments ?? serve)
        let ended = try #require(
            result.status, "still running: \(result.error)", sourceLocation: sourceLocation)
        #expect(ended != 0 && ended < 128, sourceLocation: sourceLocation)
        if let status { #expect(ended == status, sourceLocation: sourceLocation) }
        let lines = result.error.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.count == expected + 1 && lines.last == "", "\(lines)",
            sourceLocation: sourceLocation)
        #expect(result.error.hasPrefix("ostiary: "), "\(lines)", sourceLocation: sourceLocation)
        return result.error
    }
}
