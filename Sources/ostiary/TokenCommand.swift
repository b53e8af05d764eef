import ArgumentParser
import FoundationEssentials
import Gateway

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make and look at tokens.",
        subcommands: [Mint.self, Inspect.self])

    struct Mint: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mint", abstract: "Sign an access token.",
            discussion: """
                Prints only the token, so that a script can use it:

                  ostiary token mint --sub alice --role viewer
                  ostiary token mint --sub bob --claim 'departments=["ops"]' --lifetime 10m

                By default the token is one of the gateway's own issuer: signed with the newest \
                key of the data folder (made if there is none), with the configuration's \
                public_url as issuer. Pass the same --config and variables as to `ostiary serve`. \
                A gateway that runs already reads its keys only when it starts.

                With --key and --issuer it is a token of another issuer, for tests:

                  ostiary token mint --key signing.pem --issuer https://id.test \\
                    --audience app --sub alice --role viewer
                """)

        @Option(
            name: .customLong("sub"),
            help: ArgumentHelp("Whom the token is about.", valueName: "subject"))
        var subject: String

        @Option(
            name: .customLong("role"),
            help: ArgumentHelp("A role of the policy; repeat it for more.", valueName: "role"))
        var roles: [String] = []

        @Option(
            name: .customLong("claim"),
            help: ArgumentHelp(
                "A further claim; the value is JSON. Repeat it for more.", valueName: "name=json"))
        var claims: [String] = []

        @Option(
            help: ArgumentHelp("Who issues it; without it, public_url.", valueName: "url"))
        var issuer: String?

        @Option(
            name: .customLong("audience"),
            help: ArgumentHelp(
                "Whom it is for; without it, what the policy expects of embedded tokens.",
                valueName: "name"))
        var audiences: [String] = []

        @Option(help: ArgumentHelp("How long it is valid.", valueName: "duration"))
        var lifetime = "1h"

        @Option(
            name: .customLong("key"),
            help: ArgumentHelp(
                "A private key in PEM; without it, the data folder's newest key.",
                valueName: "file"),
            completion: .file(extensions: ["pem"]))
        var keyFile: String?

        @Option(
            name: .customLong("alg"),
            help: ArgumentHelp(
                "The algorithm that the key of --key signs with; an RSA key's is RS256 without.",
                valueName: "name"),
            completion: .list(KeyGeneration.algorithms))
        var algorithm: String?

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            var minting = TokenMinting(subject: subject, sources: options.sources())
            minting.roles = roles
            minting.claims = claims
            minting.issuer = issuer
            minting.audiences = audiences
            minting.lifetime = lifetime
            minting.keyFile = keyFile
            minting.algorithm = algorithm
            print(try minting.run(now: unixTime()))
        }
    }

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "inspect",
            abstract: "Show what a token says, what is wrong with it, and whether it is valid.",
            discussion: """
                Without keys nothing is verified: the output shows the header, the claims, the \
                times in words, and what is wrong with the form.

                  ostiary token inspect eyJ…
                  ostiary token mint --sub alice | ostiary token inspect

                With --key (a JWK set or a public key in PEM) the signature and the times are \
                verified; with --config, --policy, --set or --verify everything is, as \
                `ostiary serve` would do it, and a refusal shows its reason code.

                  ostiary token inspect --key jwks.json eyJ…
                  ostiary token inspect --config ostiary.yaml eyJ…

                Exits with 1 if the token is malformed, expired or not valid. A token is a \
                password: prefer standard input, because other users can see arguments.
                """)

        @Argument(
            help: ArgumentHelp(
                "The token; `-` or nothing reads it from standard input.", valueName: "token"))
        var token: String?

        @Option(
            name: [.customLong("key"), .customLong("jwks")],
            help: ArgumentHelp(
                "Verify with this JWK set or public key in PEM.", valueName: "file"),
            completion: .file())
        var keyFile: String?

        @Flag(help: "Verify as `ostiary serve` would without a configuration file.")
        var verify = false

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            if keyFile != nil, verify || !options.isEmpty {
                throw ValidationError(
                    "--key verifies with one file, --config and the like with the configuration; "
                        + "pass only one of them")
            }
        }

        func run() throws {
            let report = try TokenInspecting(verification).run(try text(), now: unixTime())
            for line in report.lines { print(line) }
            if !report.isGood { throw ExitCode(CommandFailure.Status.failed.rawValue) }
        }

        private var verification: TokenInspecting.Verification {
            if let keyFile { return .keyFile(keyFile) }
            return verify || !options.isEmpty ? .configuration(options.sources()) : .none
        }

        private func text() throws(CommandFailure) -> [UInt8] {
            if let token, token != "-" { return Array(token.utf8) }
            do throws(FileProblem) {
                return try FileContents.read(descriptor: 0, limit: 1 << 20)
            } catch {
                throw CommandFailure("cannot read standard input: \(error)")
            }
        }
    }
}

private func unixTime() -> Int64 { Int64(Date().timeIntervalSince1970) }
