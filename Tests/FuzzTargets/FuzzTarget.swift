/// A parser or check that strangers' bytes reach, and what must be true of it whatever the bytes are.
///
/// The fuzzer and the test suite that replays its findings both come here.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// Base64url text.
    case base64url
    /// A JSON document.
    case json
    /// The JSON of a JOSE header, signed with a key that the verifier knows.
    case header
    /// The JSON of a claims set, signed likewise.
    case claims
    /// A whole token.
    case token
    /// A JWK set.
    case jwks
    /// A PEM file.
    case pem
    /// The head of a request.
    case request
    /// The head of an answer.
    case answer
    /// A chunked body with trailers.
    case chunked
    /// All that one side of a connection sends.
    case connection
    /// A request's head, on its way to the app.
    case forward

    /// - Throws: what is not true.
    package func check(
        _ input: [UInt8], in session: FuzzSession
    ) throws(BrokenInvariant) {
        switch self {
        case .base64url: try Base64URLInvariants.check(input)
        case .json: try JSONInvariants.check(input)
        case .header: try HeaderInvariants.check(input, session)
        case .claims: try ClaimsInvariants.check(input, session)
        case .token: try TokenInvariants.check(input, session)
        case .jwks: try KeySetInvariants.check(input)
        case .pem: try PEMInvariants.check(input)
        case .request: try HeadInvariants.checkRequest(input)
        case .answer: try HeadInvariants.checkAnswer(input)
        case .chunked: try ChunkInvariants.check(input)
        case .connection: try ConnectionInvariants.check(input)
        case .forward: try ForwardInvariants.check(input, session)
        }
    }

    /// Inputs to start from, made anew in each process. No private key among them outlives it.
    package func seeds() throws(BrokenInvariant) -> [[UInt8]] {
        switch self {
        case .base64url: ["", "AA", "Zm8", "Zm9v", "_-8", "Zm9vYg"].map { Array($0.utf8) }
        case .json: JSONInvariants.seeds
        case .header: HeaderInvariants.seeds
        case .claims: ClaimsInvariants.seeds
        case .token: try TokenInvariants.seeds()
        case .jwks: try KeySetInvariants.seeds()
        case .pem: try PEMInvariants.seeds()
        case .request: HeadInvariants.requestSeeds
        case .answer: HeadInvariants.answerSeeds
        case .chunked: ChunkInvariants.seeds
        case .connection: ConnectionInvariants.seeds
        case .forward: try ForwardInvariants.seeds()
        }
    }
}

/// Something that must hold for every input and did not for this one.
package struct BrokenInvariant: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Throws unless the condition holds.
func invariant(_ holds: Bool, _ what: StaticString) throws(BrokenInvariant) {
    guard holds else { throw BrokenInvariant(String(describing: what)) }
}
