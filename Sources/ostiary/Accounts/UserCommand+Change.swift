import ArgumentParser
import Gateway
import TokenIssuing

extension UserCommand {
    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract: "Change what an account says, its groups and permissions.",
            discussion: """
                Changes only what is named. Empty text removes a full name, a bio or a birth date.

                  ostiary user set alice --full-name 'Alice Liddell' --birth-date 1852-05-04
                  ostiary user set alice --add-group ops --remove-group trainees
                  ostiary user set alice --no-staff --bio ''

                Roles have commands of their own: `ostiary role grant` and `ostiary role revoke`.
                """)

        @OptionGroup var selector: AccountSelector

        @Option(help: ArgumentHelp("Another user name.", valueName: "name"))
        var username: String?

        @Option(help: ArgumentHelp("Another e-mail address.", valueName: "address"))
        var email: String?

        @Option(help: ArgumentHelp("The person's name.", valueName: "text"))
        var fullName: String?

        @Option(help: ArgumentHelp("Something about the person.", valueName: "text"))
        var bio: String?

        @Option(help: ArgumentHelp("A date such as 1990-02-28.", valueName: "date"))
        var birthDate: String?

        @Flag(
            inversion: .prefixedNo,
            help: "Set or clear is_staff; it grants nothing at the gateway.")
        var staff: Bool?

        @Flag(
            inversion: .prefixedNo,
            help: "Set or clear is_superuser; it grants nothing at the gateway.")
        var superuser: Bool?

        @Option(
            name: .customLong("add-group"),
            help: ArgumentHelp("A group to join; repeat it for more.", valueName: "name"))
        var addedGroups: [String] = []

        @Option(
            name: .customLong("remove-group"),
            help: ArgumentHelp("A group to leave; repeat it for more.", valueName: "name"))
        var removedGroups: [String] = []

        @Option(
            name: .customLong("add-permission"),
            help: ArgumentHelp(
                "A permission to get, app.codename; repeat it for more.", valueName: "name"))
        var addedPermissions: [String] = []

        @Option(
            name: .customLong("remove-permission"),
            help: ArgumentHelp("A permission to lose; repeat it for more.", valueName: "name"))
        var removedPermissions: [String] = []

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            if changes == AccountChanges() {
                throw ValidationError("nothing is to be changed; name at least one option")
            }
            try refuseBoth(addedGroups, removedGroups, "group")
            try refuseBoth(addedPermissions, removedPermissions, "permission")
        }

        func run() async throws {
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            print(try await commands.set(selector.account, changes))
        }

        private var changes: AccountChanges {
            AccountChanges(
                profile: ProfilePatch(
                    username: username.map(FieldChange.set) ?? .keep,
                    fullName: clearable(fullName), bio: clearable(bio),
                    birthDate: clearable(birthDate)),
                email: email.map(FieldChange.set) ?? .keep, isStaff: staff,
                isSuperuser: superuser,
                groups: NameEdit(added: addedGroups, removed: removedGroups),
                permissions: NameEdit(added: addedPermissions, removed: removedPermissions))
        }

        private func clearable(_ text: String?) -> FieldChange {
            guard let text else { return .keep }
            return text.isEmpty ? .clear : .set(text)
        }

        private func refuseBoth(_ added: [String], _ removed: [String], _ kind: String) throws {
            guard let name = added.first(where: removed.contains) else { return }
            throw ValidationError("the \(kind) `\(name)` is both to be added and to be removed")
        }
    }

    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "passwd", abstract: "Set an account's password, which ends its sessions.",
            discussion: """
                  ostiary user passwd alice
                  ostiary user passwd alice --generate-password
                  ostiary user passwd alice --password-file /run/secrets/alice

                Without a password option it asks for the password, twice, at the terminal.
                """)

        @OptionGroup var selector: AccountSelector
        @OptionGroup(title: "Password options") var password: PasswordOptions
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            let lines = try await commands.setPassword(of: selector.account, password.source)
            for line in lines { print(line) }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "Keep an account from signing in, and end its sessions.",
            discussion: """
                  ostiary user disable alice

                Tokens that it holds are refused from that moment on.
                """)

        @OptionGroup var selector: AccountSelector
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            print(try await commands.setActive(selector.account, false))
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable", abstract: "Let a disabled account sign in again.",
            discussion: """
                  ostiary user enable alice

                Sessions that have ended stay so.
                """)

        @OptionGroup var selector: AccountSelector
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            print(try await commands.setActive(selector.account, true))
        }
    }
}
