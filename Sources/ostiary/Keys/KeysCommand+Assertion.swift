import ArgumentParser
import Gateway

extension KeysCommand {
    struct Assertion: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "assertion",
            abstract: "Show, rotate or replace the keys that identity assertions are signed with.",
            discussion: """
                Shows the keys in the data folder, one in each line: the key ID, and whether it \
                signs, comes next, or is published only for assertions that are under way. A gateway that runs needs none of this: it rotates its keys by itself (see \
                `assertion.rotation`), and takes note of changes within seconds.

                  ostiary keys assertion --config ostiary.yaml
                  ostiary keys assertion --jwks > assertion-jwks.json
                  ostiary keys assertion --rotate

                After --rotate the next key is published for up to an hour before it signs, so that \
                apps which keep a copy of the keys know it by then. After --replace a new key \
                signs at once and all others are gone: do this when one has leaked.
                """)

        @Flag(help: "Make the next key.")
        var rotate = false

        @Flag(help: "Make a key that signs at once, and remove all others.")
        var replace = false

        @Flag(name: .customLong("jwks"), help: "Print the public keys as a JWK set.")
        var printsKeySet = false

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            if rotate, replace {
                throw ValidationError("--rotate and --replace are two ways; choose one")
            }
        }

        func run() throws {
            let change: AssertionKeyCommand.Change? =
                rotate ? .rotate : replace ? .replace : nil
            let report = try AssertionKeyCommand(change: change, sources: options.sources())
                .run(now: unixTime())
            if printsKeySet {
                print(report.keySet, terminator: "")
            } else {
                for line in report.lines { print(line) }
            }
        }
    }
}
