package import Cryptography

/// Why a token is not minted.
package enum MintError: Error, Sendable, Equatable, CustomStringConvertible {
    case badSubject
    case noAudience
    case badLifetime
    /// A further claim is named like one that is always there, or twice.
    case reservedClaim(String)
    case tooLarge
    case signing(KeyError)

    package var description: String {
        switch self {
        case .badSubject: "the subject must have 1 to 255 bytes and no control characters"
        case .noAudience: "a token needs an audience, and none may be empty"
        case .badLifetime: "the lifetime must be positive and end before the year 10000"
        case .reservedClaim(let name): "the claim `\(name)` is already set; leave it out"
        case .tooLarge: "the token would be longer than 8192 bytes; leave claims out"
        case .signing(let error): "the token cannot be signed: \(error)"
        }
    }
}
