import ArgumentParser
import Gateway

/// Where a new password comes from; never from an argument, which other users can see.
struct PasswordOptions: ParsableArguments {
    @Flag(help: "Read the password from standard input, without the line's end.")
    var passwordStdin = false

    @Option(
        help: ArgumentHelp(
            "Read the password from this file, without the line's end.", valueName: "file"),
        completion: .file())
    var passwordFile: String?

    @Flag(help: "Make a random password and print it; it is shown only this once.")
    var generatePassword = false

    func validate() throws {
        let given = [passwordStdin, passwordFile != nil, generatePassword].filter { $0 }
        if given.count > 1 {
            throw ValidationError(
                "--password-stdin, --password-file and --generate-password: pass only one of them")
        }
    }

    var source: NewPassword {
        if passwordStdin { return .standardInput }
        if let passwordFile { return .file(passwordFile) }
        return generatePassword ? .generated : .asked
    }
}

/// Which account is meant.
struct AccountSelector: ParsableArguments {
    @Argument(
        help: ArgumentHelp("User name, e-mail address or ID.", valueName: "account"))
    var account: String
}
