import Cryptography
import TokenIssuing

/// `ostiary keys generate`: makes a signing key and shows its public half.
package struct KeyGeneration: Sendable {
    /// A JWS name of an algorithm with a public half, such as `ES256` or `EdDSA`.
    package var algorithm: String
    /// Where the private key goes, mode 0600.
    package var privateFile: String
    /// Where the public key set goes; nil, for which `-` stands too: it is only returned.
    package var publicFile: String?
    /// Whether existing files are replaced.
    package var replacing: Bool

    package init(algorithm: String, privateFile: String, publicFile: String?, replacing: Bool) {
        self.algorithm = algorithm
        self.privateFile = privateFile
        self.publicFile = publicFile == "-" ? nil : publicFile
        self.replacing = replacing
    }

    /// The algorithms that a key can be made for.
    package static var algorithms: [String] { SignatureAlgorithm.asymmetric.map(\.rawValue) }

    static func algorithm(named name: String) throws(CommandFailure) -> SignatureAlgorithm {
        guard let algorithm = SignatureAlgorithm(rawValue: name), !algorithm.isSymmetric else {
            let list = algorithms.map { "`\($0)`" }.joined(separator: ", ")
            throw CommandFailure("--alg must be one of \(list), not `\(name)`", status: .usage)
        }
        return algorithm
    }

    /// Writes both files or neither. Returns the public key set (RFC 7517) and the key ID.
    package func run() throws(CommandFailure) -> (publicKeys: String, keyID: String) {
        let algorithm = try Self.algorithm(named: algorithm)
        guard privateFile != "-" else {
            throw CommandFailure(
                "--out must name a file, not `-`, because the public keys go to standard output",
                status: .usage)
        }
        if let publicFile, Folder.areSame(privateFile, publicFile) {
            throw CommandFailure(
                "--out and --public must be two files; `\(publicFile)` cannot hold both keys",
                status: .usage)
        }
        if !replacing {
            // Before the key is made, so that a refused second file does not leave the first.
            for case let path? in [privateFile, publicFile] where FileContents.exists(path) {
                throw CommandFailure(
                    "`\(path)` exists; choose another name, or replace it with --force")
            }
        }
        let key: SigningKey
        let pem: String
        do throws(KeyError) {
            key = try SigningKey.generate(algorithm)
            pem = try key.pem()
        } catch {
            throw CommandFailure("the key cannot be made: \(error)")
        }
        let publicKeys = String(decoding: SigningKey.publicJWKS([key]), as: UTF8.self) + "\n"
        try write(pem, publicKeys)
        return (publicKeys, key.keyID)
    }

    private func write(_ pem: String, _ publicKeys: String) throws(CommandFailure) {
        guard let publicFile else {
            do throws(FileProblem) {
                return try SecretFile.write(pem, to: privateFile, replacing: replacing)
            } catch {
                throw CommandFailure("cannot write `\(privateFile)`: \(error)")
            }
        }
        do throws(SecretFile.PairProblem) {
            try SecretFile.write(
                (pem, privateFile), andPublic: (publicKeys, publicFile), replacing: replacing)
        } catch {
            throw CommandFailure("cannot write `\(error.path)`: \(error.reason)")
        }
    }
}
