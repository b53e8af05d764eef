import Foundation
import TestSupport
import Testing

@Suite("where settings come from", .blocking, .serialized)
struct ConfigurationSourceTests {
    /// A path of so many bytes is served if it is below the limit, and 414 if it is above.
    private static let targets = [1_100, 2_100, 3_100, 4_100]

    @Test(
        "a flag wins over the environment, the environment over the file, the file over the default"
    )
    func precedence() throws {
        let file = try statuses { $0.limits = ["target": "1KiB"] }
        #expect(file == [414, 414, 414, 414])
        let environment = try statuses {
            $0.limits = ["target": "1KiB"]
            $0.environment = ["OSTIARY_LIMITS_TARGET": "2KiB"]
        }
        #expect(environment == [200, 414, 414, 414])
        let flag = try statuses {
            $0.limits = ["target": "1KiB"]
            $0.environment = ["OSTIARY_LIMITS_TARGET": "2KiB"]
            $0.arguments = ["--set", "limits.target=3KiB"]
        }
        #expect(flag == [200, 200, 414, 414])
        #expect(try statuses { _ in } == [200, 200, 200, 200])
    }

    @Test("the JSON log is one object for each line, whatever the requests hold")
    func jsonLog() throws {
        let fixture = try GateFixture { $0.arguments = ["--set", "log.format=json"] }
        defer { fixture.stop() }
        let targets = [
            "/public/a", "/public/\"}", "/public/%22%7D%0A", #"/public/\"#, "/public/\u{E9}\u{1}",
            "/admin/x?\"", "/public/{\"decision\":\"allow\"}", "/public/last",
        ]
        for target in targets { _ = try fixture.gate.exchange(Attack(target).request) }
        #expect(fixture.gate.logLine(with: ["/public/last"]) != nil)
        fixture.gate.stop()
        let lines = fixture.gate.log.split(separator: "\n")
        #expect(lines.count >= targets.count)
        for line in lines {
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            #expect(object is [String: Any], "\(line)")
        }
        let exchanges = lines.filter { $0.contains("\"status\"") }
        #expect(exchanges.count == targets.count)
    }

    private func statuses(
        _ adjust: (inout GateProcess.Configuration) -> Void
    ) throws -> [Int] {
        let fixture = try GateFixture(adjust)
        defer { fixture.stop() }
        return try Self.targets.map { length in
            let target = "/public/" + String(repeating: "a", count: length - 8)
            return try fixture.gate.exchange(Attack(target).request).status
        }
    }
}
