import Cryptography
import Testing

@Suite("Argon2id")
struct Argon2idTests {
    /// The fifth is a vector of the reference implementation; the others were made by OpenSSL.
    static let known: [(password: [UInt8], encoded: String)] = [
        (
            Array("correct horse battery staple".utf8),
            "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw"
                + "$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU"
        ),
        (
            [],
            "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$NwG1zNkhHT0CU5f3oX/HgKeiUTjQElhT+vx01NDGBjo"
        ),
        (
            Array("pässwörd\0x".utf8),
            "$argon2id$v=19$m=64,t=3,p=4$/////////////////////w"
                + "$xwnwnpd48vRxs+xF4uhdMwoEUOq/+D7XoO41CiuBz+M"
        ),
        (
            Array(repeating: UInt8(ascii: "x"), count: 1024),
            "$argon2id$v=19$m=32,t=1,p=2$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKi"
                + "ssLS4vMDEyMzQ1Njc4OTo7PD0+Pw$bzlr2gfF6J8TJBRdcR3pjzQM4K7b4yDsf/MkRkhvkwtY014Z4"
                + "spa0ZTWbIS1kYUs+87K1NZKNRdmyzeT6rE2Cw"
        ),
        (
            Array("password".utf8),
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        ),
        (
            Array("short hash here".utf8),
            "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$YUhbPzsD2W8Lpd1Yhp5zvw"
        ),
    ]

    @Test("verifies known hashes, and no other password", arguments: known)
    func knownAnswers(password: [UInt8], encoded: String) throws {
        let right = try Argon2id.verify(password.span, against: encoded)
        #expect(right)
        let other = password + [0]
        let wrong = try Argon2id.verify(other.span, against: encoded)
        #expect(!wrong)
    }

    @Test("hashes as others do")
    func hashing() throws {
        let password = Self.known[0].password
        let encoded = try Argon2id.hash(password.span, salt: Array(0..<16), Argon2Parameters())
        #expect(encoded == Self.known[0].encoded)
        let lanes = Argon2Parameters(memory: 64, passes: 3, lanes: 4)
        let second = Self.known[2].password
        let salt = [UInt8](repeating: 255, count: 16)
        let many = try Argon2id.hash(second.span, salt: salt, lanes)
        #expect(many == Self.known[2].encoded)
    }

    @Test("a hash that differs in its last bit is another one")
    func changedHash() throws {
        let (password, encoded) = Self.known[1]
        #expect(encoded.hasSuffix("Bjo"))
        let changed = String(encoded.dropLast(2)) + "js"
        let matches = try Argon2id.verify(password.span, against: changed)
        #expect(!matches)
    }

    @Test("tells the parameters of a hash, and which are weaker than others")
    func parameters() throws {
        let strong = try Argon2id.parameters(of: Self.known[4].encoded)
        #expect(strong == Argon2Parameters(memory: 65536, passes: 2, lanes: 1))
        let policy = Argon2Parameters()
        #expect(!strong.isWeaker(than: policy))
        #expect(!policy.isWeaker(than: policy))
        #expect(Argon2Parameters(memory: 19455).isWeaker(than: policy))
        #expect(Argon2Parameters(passes: 1).isWeaker(than: policy))
    }

    @Test(
        "refuses hashes that ask for too much or too little, before it does any work",
        arguments: [
            "m=1048577,t=1,p=1", "m=4294967295,t=1,p=1", "m=1048576,t=5,p=1",
            "m=8,t=4294967295,p=1",
            "m=1024,t=1,p=17", "m=4294967295,t=4294967295,p=4294967295", "m=7,t=1,p=1",
            "m=31,t=1,p=4", "m=64,t=0,p=1", "m=64,t=1,p=0", "m=0,t=0,p=0",
        ])
    func bombs(parameters: String) {
        let encoded = "$argon2id$v=19$\(parameters)$AAECAwQFBgcICQoLDA0ODw$YUhbPzsD2W8Lpd1Yhp5zvw"
        #expect(throws: PasswordHashError.outOfBounds) { try verify("x", encoded) }
    }

    @Test("limits are those of the caller, and hold for new hashes too")
    func limits() throws {
        let limits = Argon2Limits(memory: 64, work: 128, lanes: 2)
        let password = Array("x".utf8)
        func hash(_ parameters: Argon2Parameters) throws -> String {
            try Argon2id.hash(
                password.span, salt: Array(0..<16), parameters, limits: limits)
        }
        let encoded = try hash(Argon2Parameters(memory: 64, passes: 2, lanes: 2))
        #expect(try verify("x", encoded, limits))
        for beyond in [
            Argon2Parameters(memory: 65, passes: 1), Argon2Parameters(memory: 64, passes: 3),
            Argon2Parameters(memory: 64, passes: 1, lanes: 3),
        ] {
            #expect(throws: PasswordHashError.outOfBounds) { try hash(beyond) }
        }
    }

    @Test("salts have 8 to 64 bytes", arguments: [0, 7, 65])
    func salts(count: Int) {
        let password = Array("x".utf8)
        #expect(throws: PasswordHashError.wrongSaltLength) {
            try Argon2id.hash(
                password.span, salt: Array(repeating: 1, count: count),
                Argon2Parameters(memory: 8, passes: 1))
        }
    }

    static let salt = "AAECAwQFBgcICQoLDA0ODw"
    static let bytes = "YUhbPzsD2W8Lpd1Yhp5zvw"

    @Test(
        "refuses other algorithms and versions",
        arguments: [
            "$argon2i$v=19$m=64,t=1,p=1$\(salt)$\(bytes)",
            "$argon2d$v=19$m=64,t=1,p=1$\(salt)$\(bytes)",
            "$argon2id$v=16$m=64,t=1,p=1$\(salt)$\(bytes)",
            "$argon2id$m=64,t=1,p=1$\(salt)$\(bytes)",
            "$ARGON2ID$v=19$m=64,t=1,p=1$\(salt)$\(bytes)",
            "$2b$12$abcdefghijklmnopqrstuv",
        ])
    func otherAlgorithms(encoded: String) {
        #expect(throws: PasswordHashError.unsupportedAlgorithm) { try verify("x", encoded) }
    }

    @Test(
        "refuses malformed hashes",
        arguments: [
            "", "$", "!", "x", "argon2id$v=19$m=64,t=1,p=1$\(salt)$\(bytes)",
            "$argon2id$v=19", "$argon2id$v=19$m=64,t=1,p=1", "$argon2id$v=19$m=64,t=1,p=1$\(salt)",
            "$argon2id$v=19$m=64,t=1,p=1$\(salt)$", "$argon2id$v=19$m=64,t=1,p=1$$\(bytes)",
            "$argon2id$v=19$m=64,t=1,p=1$\(salt)$\(bytes)$",
            " $argon2id$v=19$m=64,t=1,p=1$\(salt)$\(bytes)",
            "$argon2id$v=19$m=64,t=1,p=1$\(salt)$\(bytes)\n",
            "$argon2id$v=19$m=64,t=1,p=1$\(salt)$\(bytes)==",
            "$argon2id$v=19$m=64,t=1$\(salt)$\(bytes)",
            "$argon2id$v=19$t=1,m=64,p=1$\(salt)$\(bytes)",
            "$argon2id$v=19$m=64,t=1,p=1,keyid=x$\(salt)$\(bytes)",
            "$argon2id$v=19$m=064,t=1,p=1$\(salt)$\(bytes)",
            "$argon2id$v=19$m=+64,t=1,p=1$\(salt)$\(bytes)",
            "$argon2id$v=19$m=-64,t=1,p=1$\(salt)$\(bytes)",
            "$argon2id$v=19$m=4294967296,t=1,p=1$\(salt)$\(bytes)",
            "$argon2id$v=19$m=,t=1,p=1$\(salt)$\(bytes)",
            "$argon2id$v=19$m=٦٤,t=1,p=1$\(salt)$\(bytes)",
            // Characters outside the alphabet, one too many, and set bits behind the last byte.
            "$argon2id$v=19$m=64,t=1,p=1$\(salt)$YUhbPzsD2W8Lpd1Yhp5z_w",
            "$argon2id$v=19$m=64,t=1,p=1$\(salt)$YUhbPzsD2W8Lpd1Yhp5zvwAAA",
            "$argon2id$v=19$m=64,t=1,p=1$\(salt)$YUhbPzsD2W8Lpd1Yhp5zvx",
            // Salt of 7 bytes, hash of 15, a hash of a kilobyte.
            "$argon2id$v=19$m=64,t=1,p=1$AAECAwQFBg$\(bytes)",
            "$argon2id$v=19$m=64,t=1,p=1$\(salt)$YUhbPzsD2W8Lpd1Yhp5z",
            "$argon2id$v=19$m=64,t=1,p=1$\(salt)$" + String(repeating: "A", count: 1366),
        ])
    func malformed(encoded: String) {
        #expect(throws: PasswordHashError.malformed) { try verify("x", encoded) }
        #expect(throws: PasswordHashError.malformed) { try Argon2id.parameters(of: encoded) }
    }

    @Test("errors say nothing of the hash", arguments: PasswordHashError.allCases)
    func descriptions(error: PasswordHashError) {
        #expect(!"\(error)".contains("$"))
        #expect(!"\(error)".hasSuffix("."))
    }

    private func verify(
        _ password: String, _ encoded: String, _ limits: Argon2Limits = Argon2Limits()
    ) throws -> Bool {
        let bytes = Array(password.utf8)
        return try Argon2id.verify(bytes.span, against: encoded, limits: limits)
    }
}
