import Cryptography
import Gateway
import TestSupport
import Testing

@Suite("Inspecting tokens")
struct TokenInspectingTests {
    private let folder: TemporaryFolder
    private let token: [UInt8]
    private let keyFile: String

    /// A token that is valid for one second from 1000 on.
    init() throws {
        folder = try TemporaryFolder("inspect")
        keyFile = "\(folder.path)/k.json"
        _ = try KeyGeneration(
            algorithm: "ES256", privateFile: "\(folder.path)/k.pem", publicFile: keyFile,
            replacing: false
        ).run()
        var minting = TokenMinting(
            subject: "a", sources: ConfigurationSources(file: nil, flags: [], environment: [:]))
        minting.keyFile = "\(folder.path)/k.pem"
        minting.issuer = "https://id.test"
        minting.lifetime = "1s"
        token = Array(try minting.run(now: 1000).utf8)
    }

    @Test("a token that expired within the leeway is valid, and has no problems")
    func withinLeeway() async throws {
        let report = try await TokenInspecting(.keyFile(keyFile)).run(token, now: 1002)
        #expect(report.isGood)
        #expect(report.lines.first?.hasPrefix("valid: ") == true)
        #expect(
            report.lines.last
                == "  exp: 1970-01-01 00:16:41 UTC, expired 1 second ago, "
                + "within the leeway of 30 s")
    }

    @Test("a token that expired longer ago is not valid, and the problem is told")
    func beyondLeeway() async throws {
        let report = try await TokenInspecting(.keyFile(keyFile)).run(token, now: 1031)
        #expect(!report.isGood)
        #expect(report.lines.first?.hasPrefix("not valid: token_expired: ") == true)
        #expect(report.lines.last == "  payload: the token has expired")
    }

    @Test("the hash that the access log has of a refused token is shown, with keys and without")
    func logHash() async throws {
        let digest = SHA256.hash(token.span).prefix(8)
        let hash = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        for verification in [TokenInspecting.Verification.none, .keyFile(keyFile)] {
            let lines = try await TokenInspecting(verification).run(token, now: 1002).lines
            #expect(lines[1...3] == ["", "access log:", "  token.hash=\(hash)"])
        }
    }

    @Test("without keys there is no leeway")
    func unverified() async throws {
        let report = try await TokenInspecting(.none).run(token, now: 1002)
        #expect(!report.isGood)
        #expect(report.lines.last == "  payload: the token has expired")
    }
}
