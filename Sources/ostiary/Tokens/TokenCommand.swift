import ArgumentParser
import FoundationEssentials
import Gateway

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make, verify and look at tokens.",
        subcommands: [Mint.self, Verify.self, Inspect.self])
}

/// The token of a command line.
struct TokenArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The token; `-` or nothing reads it from standard input.", valueName: "token"))
    var token: String?

    func text() throws(CommandFailure) -> [UInt8] {
        if let token, token != "-" { return Array(token.utf8) }
        do throws(FileProblem) {
            return try FileContents.read(descriptor: 0, limit: 1 << 20)
        } catch {
            throw CommandFailure("cannot read standard input: \(error)")
        }
    }
}

extension TokenReport {
    /// Prints the report; a token that is not good is an exit status.
    func show() throws {
        for line in lines { print(line) }
        if !isGood { throw ExitCode(CommandFailure.Status.failed.rawValue) }
    }
}

/// Unix seconds.
func unixTime() -> Int64 { Int64(Date().timeIntervalSince1970) }
