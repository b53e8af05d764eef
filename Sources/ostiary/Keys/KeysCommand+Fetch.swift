import ArgumentParser
import Gateway

extension KeysCommand {
    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fetch",
            abstract: "Get the keys of another issuer once, as `serve` would, and show them.",
            discussion: """
                The issuer is one of the policy, whose settings are used, or a URL, whose metadata \
                (/.well-known/openid-configuration) names the keys:

                  ostiary keys fetch corp --config ostiary.yaml
                  ostiary keys fetch https://id.example.com

                A URL may take 10 seconds to answer. An issuer of the policy has its `timeout`, as \
                with `serve`: 2 seconds unless it is set.

                Each key is a line, those that are not used with the reason. With --jwks the keys \
                that are used are printed as a JWK set, which `issuers.NAME.keys` can name:

                  ostiary keys fetch https://id.example.com --jwks > jwks.json

                Exits with 1 if there is no key that could be used.
                """)

        @Argument(
            help: ArgumentHelp("An issuer of the policy, or an https URL.", valueName: "issuer"))
        var issuer: String

        @Flag(name: .customLong("jwks"), help: "Print a JWK set in place of the table.")
        var printsKeySet = false

        @OptionGroup var network: NetworkArguments
        @OptionGroup var options: ConfigurationOptions

        private var isURL: Bool { issuer.contains("://") }

        func validate() throws {
            if isURL, !options.isEmpty {
                throw ValidationError(
                    "the keys of a URL are not in the configuration; leave out --config and the "
                        + "like, or name the issuer as the policy does")
            }
            if !isURL, network.isSet {
                throw ValidationError(
                    "what may be fetched for an issuer of the policy is in the configuration; "
                        + "write for example --set issuers.\(issuer).ca=ca.pem")
            }
        }

        func run() async throws {
            let fetching = KeyFetching(
                isURL
                    ? .url(issuer, network.values)
                    : .configured(name: issuer, options.sources()))
            let report = try await fetching.run()
            if printsKeySet {
                print(report.keySet, terminator: "")
            } else {
                for line in report.lines { print(line) }
            }
        }
    }
}
