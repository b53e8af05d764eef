import ArgumentParser
import Gateway

extension TokenCommand {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Say whether a token would be accepted, and if not, what is wrong and where.",
            discussion: """
                Verifies as `ostiary serve` would with the same --config, --policy, --set and \
                variables. Where the keys of the token's issuer are with another server, they are \
                fetched once. Sessions that have ended are known to the running server only.

                  ostiary token verify --config ostiary.yaml eyJ…
                  ostiary token mint --sub alice --role viewer | ostiary token verify

                Without a configuration, say whose keys count:

                  ostiary token verify --issuer https://id.example.com --audience app eyJ…
                  ostiary token verify --jwks-url https://id.example.com/jwks.json eyJ…
                  ostiary token verify --key jwks.json --audience app eyJ…
                  ostiary token verify --secret hs256.key eyJ…

                --issuer alone fetches the issuer's metadata and the keys that it names. What is \
                not asked for (issuer, audience) is not judged, and the answer says so.

                Exits with 1 if the token is not valid. A token is a password: prefer standard \
                input, because other users can see arguments.
                """)

        @OptionGroup var token: TokenArgument

        @Option(
            name: .customLong("key"),
            help: ArgumentHelp(
                "Verify with this JWK set, public key or certificate.", valueName: "file"),
            completion: .file())
        var keyFile: String?

        @Option(
            name: .customLong("secret"),
            help: ArgumentHelp(
                "Verify HS256, HS384 or HS512 with the secret in this file.", valueName: "file"),
            completion: .file())
        var secretFile: String?

        @Option(
            name: .customLong("jwks-url"),
            help: ArgumentHelp("Verify with the JWK set at this URL.", valueName: "url"))
        var keySetURL: String?

        @Option(
            help: ArgumentHelp(
                "The issuer to expect; alone, also where its keys are asked for.",
                valueName: "url"))
        var issuer: String?

        @Option(
            name: .customLong("audience"),
            help: ArgumentHelp(
                "An audience to accept; repeat it for more.", valueName: "name"))
        var audiences: [String] = []

        @OptionGroup var network: NetworkArguments
        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            let sources = [keyFile, secretFile, keySetURL].compactMap { $0 }
            if sources.count > 1 {
                throw ValidationError("pass only one of --key, --secret and --jwks-url")
            }
            let isNamed = !sources.isEmpty || issuer != nil
            if isNamed, !options.isEmpty {
                throw ValidationError(
                    "--key, --secret, --jwks-url and --issuer describe an issuer, --config and the "
                        + "like name a configuration that does; pass only one of the two")
            }
            if !isNamed, !audiences.isEmpty || network.isSet {
                throw ValidationError(
                    "--audience and what allows fetching belong to --key, --secret, --jwks-url or "
                        + "--issuer; a configuration has its own")
            }
            if keyFile != nil || secretFile != nil, network.isSet {
                throw ValidationError(
                    "nothing is fetched with --key or --secret; leave out --ca and --allow-…")
            }
        }

        func run() async throws {
            try await TokenVerifying(try trust()).run(token.text(), now: unixTime()).show()
        }

        private func trust() throws(CommandFailure) -> TokenVerifying.Trust {
            let keys: NamedIssuer.Keys
            if let keyFile {
                keys = .file(keyFile)
            } else if let secretFile {
                keys = .secret(secretFile)
            } else if let keySetURL {
                try network.values.check(keySetURL, "--jwks-url")
                keys = .url(keySetURL)
            } else if let issuer {
                try network.values.check(issuer, "--issuer")
                keys = .discovery(issuer)
            } else {
                return .configuration(options.sources())
            }
            return .issuer(
                NamedIssuer(
                    keys: keys, issuer: issuer, audiences: audiences, network: network.values))
        }
    }
}
