import ArgumentParser
import Gateway

extension TokenCommand {
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
}
