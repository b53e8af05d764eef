import Cryptography
import StrictJSON
import TokenVerification

/// Makes tokens, good and bad ones, and says what becomes of them.
struct Forge {
    static let now: Int64 = 1_800_000_000
    static let issuer = "https://issuer.test"

    /// P-256.
    let ecdsa: PrivateKey
    let p384: PrivateKey
    let p521: PrivateKey
    let rsa: PrivateKey
    let ed25519: PrivateKey
    /// Long enough for all of HS256, HS384 and HS512.
    let secret: [UInt8]

    /// The same keys for all tests: an RSA key takes a tenth of a second to make.
    static func shared() throws -> Forge { try sharedResult.get() }
    private static let sharedResult = Result { try Forge() }

    private init() throws {
        ecdsa = try .generate(.es256)
        rsa = try .generate(.rs256)
        ed25519 = try .generate(.edDSA)
        p384 = try .generate(.es384)
        p521 = try .generate(.es512)
        secret = SecureRandom.bytes(64)
    }

    /// The private key of an algorithm that has one.
    func key(_ algorithm: SignatureAlgorithm) -> PrivateKey {
        switch algorithm.keyType {
        case .p256: ecdsa
        case .p384: p384
        case .p521: p521
        case .rsa: rsa
        case .ed25519: ed25519
        case .secret: preconditionFailure("secrets have no private half")
        }
    }

    // MARK: Tokens

    /// A header of that algorithm, whose key ID is the algorithm's name.
    static func header(_ algorithm: SignatureAlgorithm = .es256, _ more: String = "") -> String {
        #"{"alg":"\#(algorithm.rawValue)","kid":"\#(algorithm.rawValue)"\#(more)}"#
    }

    /// The claims of a good token with some replaced, added, or (by nil) left out; values are JSON.
    static func payload(_ changes: [(String, String?)] = []) -> String {
        var claims: [(String, String)] = [
            ("iss", #""\#(issuer)""#), ("aud", #""app""#), ("sub", #""alice""#), ("iat", "\(now)"),
            ("exp", "\(now + 600)"), ("roles", #"["viewer"]"#),
        ]
        for (name, value) in changes {
            let index = claims.firstIndex { $0.0 == name }
            switch (index, value) {
            case (let index?, let value?): claims[index].1 = value
            case (let index?, nil): claims.remove(at: index)
            case (nil, let value?): claims.append((name, value))
            case (nil, nil): break
            }
        }
        return "{" + claims.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    /// A token with a genuine signature over whatever header and payload.
    func token(
        header: String = Self.header(), payload: String = Self.payload(),
        signedWith algorithm: SignatureAlgorithm = .es256
    ) throws -> String {
        try token(
            header: Array(header.utf8), payload: Array(payload.utf8), key(algorithm), algorithm)
    }

    func token(
        header: [UInt8], payload: [UInt8], _ key: PrivateKey, _ algorithm: SignatureAlgorithm
    ) throws -> String {
        let message =
            Base64URL.encodeToString(header.span) + "." + Base64URL.encodeToString(payload.span)
        return try sign(message, with: key, algorithm)
    }

    /// Appends a genuine signature to two parts that may be anything.
    func sign(
        _ message: String, with key: PrivateKey? = nil, _ algorithm: SignatureAlgorithm = .es256
    ) throws -> String {
        let key = key ?? self.key(algorithm)
        let signature = try key.sign(Array(message.utf8).span, algorithm: algorithm)
        return message + "." + Base64URL.encodeToString(signature.span)
    }

    static func base64URL(_ text: String) -> String {
        Base64URL.encodeToString(Array(text.utf8).span)
    }

    // MARK: Verifying

    static let rules = IssuerRules(
        name: "test", issuer: issuer, audiences: ["app"],
        algorithms: Set(SignatureAlgorithm.asymmetric))

    /// A public key for each algorithm that has one, under the algorithm's name.
    func keySet() throws -> KeySet {
        let keys = SignatureAlgorithm.asymmetric.map { algorithm in
            let name = algorithm.rawValue
            return jwk(key(algorithm).publicKey, #","kid":"\#(name)","alg":"\#(name)""#)
        }
        return try TokenVerificationTests.keySet(
            #"{"keys":[\#(keys.joined(separator: ","))]}"#)
    }

    func verifier(_ change: (inout IssuerRules) -> Void = { _ in }) throws -> TokenVerifier {
        var rules = Self.rules
        change(&rules)
        return TokenVerifier(keyRing: KeyRing(issuers: [(rules: rules, keys: try keySet())]))
    }

    /// `accepted`, or the code of the rejection.
    func outcome(
        _ token: String, now: Int64 = Self.now, _ change: (inout IssuerRules) -> Void = { _ in }
    ) throws -> String {
        outcomeOf(token, try verifier(change), now: now)
    }
}

/// `accepted`, or the code of the rejection.
func outcomeOf(_ token: String, _ verifier: TokenVerifier, now: Int64 = Forge.now) -> String {
    outcomeOf(Array(token.utf8), verifier, now: now)
}

func outcomeOf(_ token: [UInt8], _ verifier: TokenVerifier, now: Int64 = Forge.now) -> String {
    do throws(TokenRejection) {
        _ = try verifier.verify(token.span, now: now)
        return "accepted"
    } catch {
        return error.code
    }
}

/// A key set from its JSON text.
func keySet(_ text: String) throws(KeySetError) -> KeySet {
    try KeySet(jwks: Array(text.utf8).span)
}

/// The public key as the members of a JWK, in JSON.
func jwk(_ key: PublicKey, _ more: String = "") -> String {
    let value = JSONValue.object(JSONWebKey.members(of: key))
    return String(decoding: JSONWriter.write(value).dropLast(), as: UTF8.self) + more + "}"
}
