package import Cryptography
package import StrictYAML
package import TokenIssuing

/// The gateway's own signing keys: `keys/*.pem` in the data folder.
package struct SigningKeyStore: Sendable {
    /// Oldest first; the newest signs, all verify. Never empty.
    package let keys: [SigningKey]

    /// The key that signs new tokens.
    package var newest: SigningKey { keys[keys.count - 1] }

    /// Reads the keys; makes the folder and an ES256 key when there is none.
    ///
    /// Throws one diagnostic per file that is unreadable, readable for others, or no key.
    package static func open(_ data: ConfiguredFile) throws(Diagnostics) -> SigningKeyStore {
        let folder = "\(data.path)/keys"
        do throws(FileProblem) {
            try SecretFile.makeFolder(folder)
        } catch {
            throw data.failure("cannot be used", "cannot make the folder `\(folder)`: \(error)")
        }
        return try Folder.locked(folder) { () throws(Diagnostics) in
            if let store = try load(data) { return store }
            return SigningKeyStore(keys: [try create(in: folder, data)])
        }
    }

    /// Reads the keys; nil when there is none yet. Writes nothing.
    package static func load(_ data: ConfiguredFile) throws(Diagnostics) -> SigningKeyStore? {
        let folder = "\(data.path)/keys"
        let names: [String]
        do throws(FileProblem) {
            guard FileContents.exists(folder) else { return nil }
            try SecretFile.checkIsPrivate(folder: folder)
            names = try Folder.names(in: folder, suffix: ".pem")
        } catch {
            throw data.failure("cannot be used", "cannot use the folder `\(folder)`: \(error)")
        }
        let sink = DiagnosticSink()
        let keys = names.compactMap { read("\(folder)/\($0)", sink) }
        try sink.throwIfAny()
        return keys.isEmpty ? nil : SigningKeyStore(keys: keys)
    }

    private init(keys: [SigningKey]) { self.keys = keys }

    private static func read(_ path: String, _ sink: DiagnosticSink) -> SigningKey? {
        do {
            return try SigningKeyFile.read(path)
        } catch {
            sink.report(
                "signing_key", at: nil, "the signing key `\(path)` cannot be used: \(error)")
            return nil
        }
    }

    private static func create(
        in folder: String, _ data: ConfiguredFile
    ) throws(Diagnostics) -> SigningKey {
        do {
            let key = try SigningKey.generate(.es256)
            try SecretFile.write(
                key.pem(), to: "\(folder)/\(key.keyID).pem", replacing: false)
            return key
        } catch {
            throw data.failure(
                "cannot be used", "cannot make a signing key in `\(folder)`: \(error)")
        }
    }
}

/// A private key in a PEM file.
package enum SigningKeyFile {
    /// Reads a key, to sign with `algorithm` or else with what its type suggests. Throws
    /// `FileProblem` with the reason, also when others can read the file.
    package static func read(
        _ path: String, algorithm: SignatureAlgorithm? = nil
    ) throws(FileProblem) -> SigningKey {
        let bytes = try FileContents.read(path, limit: 65_536)
        let key: SigningKey
        do throws(KeyError) {
            key = try SigningKey(pem: bytes.span, algorithm: algorithm)
        } catch {
            guard bytes.first(where: { $0 > 0x20 }) != UInt8(ascii: "{") else {
                throw FileProblem(
                    "this is JSON, such as a JWK set; a private key in PEM is expected")
            }
            throw FileProblem(error.description)
        }
        // Only now: who named a public key by mistake needs no advice about the file's mode.
        try SecretFile.checkIsPrivate(file: path)
        return key
    }
}

extension ConfiguredFile {
    /// One diagnostic about this file; it names the setting where one was written.
    func failure(_ rule: String, _ message: String) -> Diagnostics {
        guard origin != .standard else {
            return Diagnostics([
                Diagnostic(code: "unusable_file", position: nil, message: message)
            ])
        }
        return Diagnostics([origin.diagnostic("unusable_file", setting, "\(rule): \(message)")])
    }
}
