import Foundation

/// The programs that the package builds, next to the test bundle in the build folder, unless
/// `OSTIARY_TEST_PROGRAMS` names another folder, such as that of a release build.
package enum BuiltProgram: String, Sendable {
    case ostiary
    case sampleApp = "sample-app"

    /// The whole path; throws a sentence that says what to build when the file is not there.
    package func path() throws -> String {
        let ownPath = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folders = [
            ProcessInfo.processInfo.environment["OSTIARY_TEST_PROGRAMS"],
            (ownPath as NSString).deletingLastPathComponent,
            (CommandLine.arguments[0] as NSString).deletingLastPathComponent,
        ]
        for case let folder? in folders {
            let candidate = "\(folder)/\(rawValue)"
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        throw SupportError("`\(rawValue)` is not built: run `swift build` before the tests")
    }
}

/// Why the support code could not do what a test asked for.
package struct SupportError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
