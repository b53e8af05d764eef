import TestSupport
import Testing

/// Why tests here cannot take the right to write away from root; nil when they can.
let immutableObstacle: String? = {
    do {
        let folder = try TemporaryFolder("immutable")
        try Immutable(folder.write("file", "")).end()
        return nil
    } catch {
        return "chattr +i does not work here: \(error)"
    }
}()

/// A file or folder that nobody may change, not even root, until the object is gone (chattr(1)).
final class Immutable {
    private let path: String

    init(_ path: String) throws {
        self.path = path
        guard try Self.change("+i", path) else { throw ImmutableError.refused }
    }

    deinit { end() }

    func end() { _ = try? Self.change("-i", path) }

    private static func change(_ flag: String, _ path: String) throws -> Bool {
        try ChildProcess("/usr/bin/chattr", [flag, path]).exitStatus(within: .seconds(10)) == 0
    }
}

enum ImmutableError: Error { case refused }
