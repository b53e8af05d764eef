/// The parts of `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>` (the PHC string format; Base64
/// without padding).
struct Argon2Hash {
    static let saltCounts = 8...64
    /// A shorter hash would have other passwords fit it too.
    static let byteCounts = 16...64

    let parameters: Argon2Parameters
    let salt: [UInt8]
    let bytes: [UInt8]

    init(parameters: Argon2Parameters, salt: [UInt8], bytes: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.bytes = bytes
    }

    /// Reads exactly the one spelling that `encoded` writes of each hash.
    init(_ encoded: String) throws(PasswordHashError) {
        // Bounded first: what is longer is no hash, and is not worth reading.
        guard encoded.utf8.count <= 256 else { throw .malformed }
        let fields = encoded.utf8.split(
            separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count >= 3, fields[0].isEmpty else { throw .malformed }
        guard fields[1].elementsEqual("argon2id".utf8), fields[2].elementsEqual("v=19".utf8) else {
            throw .unsupportedAlgorithm
        }
        guard fields.count == 6,
            let parameters = Self.parameters(fields[3]),
            let salt = UnpaddedBase64.decode(fields[4]), Self.saltCounts.contains(salt.count),
            let bytes = UnpaddedBase64.decode(fields[5]), Self.byteCounts.contains(bytes.count)
        else { throw .malformed }
        self.init(parameters: parameters, salt: salt, bytes: bytes)
    }

    var encoded: String {
        "$argon2id$v=19$m=\(parameters.memory),t=\(parameters.passes),p=\(parameters.lanes)"
            + "$\(UnpaddedBase64.encode(salt))$\(UnpaddedBase64.encode(bytes))"
    }

    private static func parameters(_ field: Substring.UTF8View) -> Argon2Parameters? {
        let parts = field.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == 3, let memory = number(parts[0], named: "m="),
            let passes = number(parts[1], named: "t="), let lanes = number(parts[2], named: "p=")
        else { return nil }
        return Argon2Parameters(memory: memory, passes: passes, lanes: lanes)
    }

    private static func number(_ part: Substring.UTF8View, named name: String) -> UInt32? {
        guard part.starts(with: name.utf8) else { return nil }
        let text = String(Substring(part.dropFirst(2)))
        // Neither signs nor leading zeros.
        guard let number = UInt32(text), String(number) == text else { return nil }
        return number
    }
}
