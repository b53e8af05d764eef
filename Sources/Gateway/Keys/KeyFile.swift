import TokenVerification

/// A file of keys.
enum KeyFile {
    /// Reads a JWK set, or one public key or certificate in PEM: the content tells which. A key in
    /// PEM answers to `keyID`, or to its thumbprint. `secrets` is how messages call the place where
    /// secrets would be named.
    static func read(
        _ path: String, keyID: String? = nil, secrets: String = "`secrets`"
    ) throws(FileProblem) -> KeySet {
        let bytes = try FileContents.read(path, limit: maximumByteCount)
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard isPEM(bytes) || first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            throw FileProblem(
                "it is neither a JWK set nor a key in PEM; a secret is for \(secrets)")
        }
        return try parse(bytes, keyID: keyID)
    }

    /// As `read`, for a text that has been read already.
    static func parse(_ bytes: [UInt8], keyID: String? = nil) throws(FileProblem) -> KeySet {
        try usable(
            { () throws(KeySetError) in
                isPEM(bytes)
                    ? try KeySet(pem: bytes.span, keyID: keyID) : try KeySet(jwks: bytes.span)
            }, "it holds no key that can verify tokens")
    }

    /// Reads a secret: the plain bytes without a final line feed, or one or more JWKs of type `oct`.
    /// Refuses a file that others can read, for it is as good as a private key.
    static func readSecret(_ path: String) throws(FileProblem) -> KeySet {
        let bytes = try FileContents.read(path, limit: maximumByteCount)
        guard !isPEM(bytes) else {
            throw FileProblem(
                "this is a key or certificate in PEM; a secret is what the issuer and its "
                    + "verifiers share")
        }
        let set = try usable(
            { () throws(KeySetError) in try KeySet(secret: bytes.span) },
            "it holds no secret that can verify tokens")
        try SecretFile.checkIsPrivate(file: path)
        return set
    }

    private static func usable(
        _ read: () throws(KeySetError) -> KeySet, _ rule: String
    ) throws(FileProblem) -> KeySet {
        let set: KeySet
        do throws(KeySetError) {
            set = try read()
        } catch {
            // That it cannot be used is said already by whoever names the file.
            throw FileProblem(error.reason == .badKey ? error.detail : error.description)
        }
        guard set.isEmpty else { return set }
        let reason = set.skipped.first.map { ": key \($0.index + 1): \($0.reason)" } ?? ""
        throw FileProblem("\(rule)\(reason)")
    }

    private static func isPEM(_ bytes: [UInt8]) -> Bool {
        bytes.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
            .starts(with: "-----".utf8)
    }

    /// 512 KiB, as for sets from the network.
    private static let maximumByteCount = 512 * 1024
}
