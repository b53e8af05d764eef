import ArgumentParser
import Gateway
import StrictYAML

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Stand in front of an app and forward what the policy allows.",
        discussion: """
            Without a file, the built-in policy applies: viewers may look, editors may change, \
            administrators may do everything. Everybody needs a token: people with an account \
            (`ostiary user create`) sign in for one, and `ostiary token mint` makes one for a script.

              ostiary serve --upstream http://127.0.0.1:8050
              ostiary serve --upstream http://127.0.0.1:8050 --policy policy.yaml
              ostiary serve --config ostiary.yaml --set limits.body=1MiB

            Each setting can come from the file, from a variable such as OSTIARY_LIMITS_BODY, or \
            from --set; PORT sets the first listener's port. `ostiary config reference` lists all.

            Everything is loaded and checked before a socket is opened. SIGTERM and SIGINT stop \
            the server after running exchanges have ended, at the latest after timeouts.shutdown.
            """)

    @Option(
        help: ArgumentHelp("Where the app listens, http://host:port.", valueName: "url"))
    var upstream: String?

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let sources = options.sources(upstream: upstream)
        let gateway = try CommandFailure.from { () throws(Diagnostics) in
            try PreparedGateway.load(try sources.load(), makingKeys: true)
        }
        try await GatewayApplication.run(gateway)
    }
}
