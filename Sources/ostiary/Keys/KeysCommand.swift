import ArgumentParser
import Gateway

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make keys, and look at those in use.",
        subcommands: [Generate.self, Fetch.self, Assertion.self])

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate", abstract: "Make a key pair to sign tokens with.",
            discussion: """
                Writes the private key to a file that only you can read (PKCS #8 PEM, mode 0600), \
                and the public key as a JWK set to standard output or to --public. The key ID is \
                the key's RFC 7638 thumbprint.

                  ostiary keys generate --out signing.pem > jwks.json
                  ostiary keys generate --alg EdDSA --out signing.pem --public jwks.json

                The file does not say for which of RSA's algorithms its key was made: repeat \
                --alg when you sign with it.

                The gateway needs none of this for its own tokens: it makes a key at its first \
                start. Use it for an issuer of your own, whose jwks.json you name in the \
                configuration under issuers.NAME.keys.
                """)

        @Option(
            name: .customLong("alg"),
            help: ArgumentHelp(
                "The signature algorithm: \(KeyGeneration.algorithms.joined(separator: ", ")).",
                valueName: "name"),
            completion: .list(KeyGeneration.algorithms))
        var algorithm = "ES256"

        @Option(
            help: ArgumentHelp("The file for the private key.", valueName: "file"),
            completion: .file())
        var out: String

        @Option(
            name: .customLong("public"),
            help: ArgumentHelp(
                "The file for the public JWK set; without it or with `-`, standard output.",
                valueName: "file"),
            completion: .file())
        var publicFile: String?

        @Flag(help: "Replace files that exist.")
        var force = false

        func run() throws {
            let generation = KeyGeneration(
                algorithm: algorithm, privateFile: out, publicFile: publicFile, replacing: force)
            let result = try generation.run()
            if generation.publicFile == nil { print(result.publicKeys, terminator: "") }
        }
    }
}
