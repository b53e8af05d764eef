/// The command line of the account commands, without the configuration.
package enum AccountCommand {
    /// Reads the password from standard input.
    package static func create(_ person: Person, roles: [String] = []) -> [String] {
        [
            "user", "create", person.username, "--email", person.email, "--full-name",
            person.fullName, "--password-stdin",
        ] + roles.flatMap { ["--role", $0] }
    }

    /// Reads the password from standard input.
    package static func superuser(_ person: Person) -> [String] {
        [
            "user", "superuser", person.username, "--email", person.email, "--password-stdin",
        ]
    }

    package static let list = ["user", "list"]

    package static func show(_ person: Person) -> [String] { ["user", "show", person.username] }

    package static func set(_ person: Person, _ options: [String]) -> [String] {
        ["user", "set", person.username] + options
    }

    /// Reads the password from standard input.
    package static func passwd(_ person: Person) -> [String] {
        ["user", "passwd", person.username, "--password-stdin"]
    }

    package static func disable(_ person: Person) -> [String] {
        ["user", "disable", person.username]
    }

    package static func enable(_ person: Person) -> [String] {
        ["user", "enable", person.username]
    }

    package static func grant(_ role: String, to person: Person) -> [String] {
        ["role", "grant", role, person.username]
    }

    package static func revoke(_ role: String, from person: Person) -> [String] {
        ["role", "revoke", role, person.username]
    }
}
