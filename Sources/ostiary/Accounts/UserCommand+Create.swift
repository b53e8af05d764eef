import ArgumentParser
import Gateway
import TokenIssuing

extension UserCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make an account.",
            discussion: """
                Works whatever `registration.mode` says, and gives no role but those named here.

                  ostiary user create alice --email alice@example.com --role viewer
                  ostiary user create bob --email bob@example.com --generate-password
                  ostiary user create bob --email bob@example.com --password-file bob.txt

                Without a password option it asks for the password, twice, at the terminal.
                """)

        @OptionGroup var account: NewAccountOptions

        @Option(
            name: .customLong("role"),
            help: ArgumentHelp("A role of the policy; repeat it for more.", valueName: "role"))
        var roles: [String] = []

        @Option(
            name: .customLong("group"),
            help: ArgumentHelp("A group; repeat it for more.", valueName: "name"))
        var groups: [String] = []

        @Option(
            name: .customLong("permission"),
            help: ArgumentHelp(
                "A permission, app.codename; repeat it for more.", valueName: "name"))
        var permissions: [String] = []

        @Flag(help: "Set is_staff, for apps that know it; it grants nothing at the gateway.")
        var staff = false

        @Flag(help: "Set is_superuser, for apps that know it; it grants nothing at the gateway.")
        var superuser = false

        @Flag(help: "Make it disabled: it cannot sign in before `ostiary user enable`.")
        var disabled = false

        @OptionGroup(title: "Password options") var password: PasswordOptions
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            var form = account.form
            form.roles = roles
            form.groups = groups
            form.permissions = permissions
            form.isStaff = staff
            form.isSuperuser = superuser
            form.isActive = !disabled
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            for line in try await commands.create(form, password: password.source) { print(line) }
        }
    }

    struct Superuser: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "superuser", abstract: "Make an administrator's account.",
            discussion: """
                Sets is_staff and is_superuser, and grants the role `admin` if the policy declares \
                it. This is how the first administrator comes to be: there is no account and no \
                password that every installation has.

                  ostiary user superuser root --email root@example.com
                  ostiary user superuser root --email root@example.com --generate-password
                  ostiary user superuser root --email root@example.com --role owner

                Without a password option it asks for the password, twice, at the terminal.
                """)

        @OptionGroup var account: NewAccountOptions

        @Option(
            help: ArgumentHelp("A role of the policy in place of `admin`.", valueName: "role"))
        var role: String?

        @OptionGroup(title: "Password options") var password: PasswordOptions
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            let lines = try await commands.createSuperuser(
                account.form, role: role, password: password.source)
            for line in lines { print(line) }
        }
    }
}

/// What every new account has.
struct NewAccountOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The user name.", valueName: "username"))
    var username: String

    @Option(help: ArgumentHelp("The e-mail address.", valueName: "address"))
    var email: String

    @Option(help: ArgumentHelp("The person's name.", valueName: "text"))
    var fullName: String?

    @Option(help: ArgumentHelp("Something about the person.", valueName: "text"))
    var bio: String?

    @Option(help: ArgumentHelp("A date such as 1990-02-28.", valueName: "date"))
    var birthDate: String?

    /// Without a password.
    var form: AccountForm {
        AccountForm(
            username: username, email: email, password: nil, fullName: fullName, bio: bio,
            birthDate: birthDate)
    }
}
