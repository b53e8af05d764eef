import Cryptography
import KeyDiscovery
import Logging
import Outbound
import TestSupport
import Testing
import TokenVerification

@testable import Gateway

@Suite("the service of keys", .serialized, .blocking)
struct KeyServiceTests {
    @Test("many issuers that do not answer hold up none that does")
    func silentIssuers() async throws {
        let server = try KeyServer.start(keys: [TestKey(.es256, keyID: "a")])
        server.script("/silent", KeyServerAnswer("{}").changed { $0.delay = .seconds(60) })
        func source(_ name: String, _ url: String, _ timeout: Duration) -> KeySource {
            let fetch = HTTPFetch(
                url: url, allowsPrivateAddresses: true, certificateFile: server.certificateFile,
                timeout: timeout)
            return KeySource(issuerName: name, location: .keySet(fetch))
        }
        let silent = (0..<12).map { number in
            source("silent-\(number)", server.issuer + "/silent", .seconds(30))
        }
        let keys = VerificationKeys(
            issuers: [], sources: silent + [source("good", server.keySetURL, .seconds(20))])
        let service = KeyService(keys, relay: DataPlaneRelay(), logger: Logger(label: "test"))
        let start = ContinuousClock.now
        let task = Task(priority: .userInitiated) { try await service.run() }
        let isHere = Deadline.after(.seconds(20)).waits {
            service.status.last?.availability == .current
        }
        #expect(isHere)
        #expect(ContinuousClock.now - start < .seconds(15))
        #expect(service.status.dropLast().allSatisfy { $0.availability == .unavailable })
        task.cancel()
        try await task.value
    }
}
