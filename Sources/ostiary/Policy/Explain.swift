import ArgumentParser
import Gateway

extension PolicyCommand {
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain", abstract: "Show why a policy answers a request as it does.",
            discussion: """
                Shows the path as it is matched and forwarded, every route that fits it and why the \
                winner wins, each part of the conditions with the values that were compared, the \
                answer, and the headers that the app would be sent. (yes) and (no) in parentheses \
                were not decisive. No token is needed: who asks is taken for granted.

                  ostiary policy explain --policy app.yaml --as alice GET /users/root/x
                  ostiary policy explain --policy app.yaml --role editor POST /api/items
                  ostiary policy explain --policy app.yaml --claims '{"sub": "bob"}' GET /
                  ostiary policy explain --policy app.yaml GET /assets/logo.png
                """)

        @Option(
            help: ArgumentHelp("The policy; otherwise the built-in one.", valueName: "file"),
            completion: .file(extensions: ["yaml", "yml"]))
        var policy: String?

        @Option(
            name: .customLong("as"),
            help: ArgumentHelp("Somebody of the tests beside the policy.", valueName: "name"))
        var person: String?

        @Option(
            name: .customLong("role"),
            help: ArgumentHelp(
                "Somebody with this role and nothing else; repeat it for more.", valueName: "role"))
        var roles: [String] = []

        @Option(help: ArgumentHelp("Somebody whose token says this, as JSON.", valueName: "json"))
        var claims: String?

        @Flag(help: "Somebody without a token, as when nobody is named.")
        var anonymous = false

        @Option(help: ArgumentHelp("The host of the request, without port.", valueName: "name"))
        var host: String?

        @Option(help: ArgumentHelp("The client's address.", valueName: "address"))
        var ip: String?

        @Option(
            help: ArgumentHelp(
                "When, such as 2026-03-01T08:30:00Z; otherwise now.", valueName: "time"))
        var at: String?

        @Argument(help: ArgumentHelp("The method; WEBSOCKET for a handshake.", valueName: "method"))
        var method: String

        @Argument(
            help: ArgumentHelp("Path and query, such as /users/7?page=2.", valueName: "path"))
        var target: String

        func validate() throws {
            let named = [person != nil, !roles.isEmpty, claims != nil, anonymous].count { $0 }
            if named > 1 {
                throw ValidationError("pass only one of --as, --role, --claims and --anonymous")
            }
        }

        func run() throws {
            var explaining = PolicyExplaining()
            if let person {
                explaining.person = .named(person)
            } else if !roles.isEmpty {
                explaining.person = .roles(roles)
            } else if let claims {
                explaining.person = .claims(claims)
            }
            explaining.host = host
            explaining.address = ip
            explaining.time = at
            let lines = try explaining.run(policy, method: method, target: target, now: unixTime())
            for line in lines { print(line) }
        }
    }
}
