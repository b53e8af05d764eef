import ArgumentParser
import Gateway

/// What commands that fetch keys allow, where no configuration says it.
struct NetworkArguments: ParsableArguments {
    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp(
            "Trust these certificates in place of the system's.", valueName: "file"),
        completion: .file(extensions: ["pem", "crt"]))
    var certificates: String?

    @Flag(help: "Fetch from loopback, private and link-local addresses, too.")
    var allowPrivateAddresses = false

    @Flag(name: .customLong("allow-http"), help: "Fetch over plain http:, too.")
    var allowHTTP = false

    /// Whether any of them was given.
    var isSet: Bool { certificates != nil || allowPrivateAddresses || allowHTTP }

    var values: NetworkOptions {
        var options = NetworkOptions()
        options.certificates = certificates
        options.allowsPrivateAddresses = allowPrivateAddresses
        options.allowsHTTP = allowHTTP
        return options
    }
}
