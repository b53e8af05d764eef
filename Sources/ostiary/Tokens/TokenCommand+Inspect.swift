import ArgumentParser
import Gateway

extension TokenCommand {
    struct Inspect: AsyncParsableCommand {
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
                `ostiary serve` would do it, and a refusal shows its reason code. Keys that are \
                with another server are fetched once. `ostiary token verify` says the same in short.

                  ostiary token inspect --key jwks.json eyJ…
                  ostiary token inspect --config ostiary.yaml eyJ…

                Exits with 1 if the token is malformed, expired or not valid. A token is a \
                password: prefer standard input, because other users can see arguments.
                """)

        @OptionGroup var token: TokenArgument

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

        func run() async throws {
            try await TokenInspecting(verification).run(token.text(), now: unixTime()).show()
        }

        private var verification: TokenInspecting.Verification {
            if let keyFile { return .keyFile(keyFile) }
            return verify || !options.isEmpty ? .configuration(options.sources()) : .none
        }
    }
}
