/// How signatures of one kind are verified under one key.
///
/// A class with heirs rather than an enumeration of classes, because reading the latter counts
/// references for each token.
class SignatureMethod {
    /// Whether the signature, which has the length that the key's have, is one of the message.
    func isValid(signature: Span<UInt8>, message: Span<UInt8>) -> Bool { false }
}

/// ECDSA's signatures, which JWS does not write as libcrypto reads them.
final class ECDSAVerifier: SignatureMethod {
    private let verifier: DigestVerifier
    private let order: [UInt8]

    init(_ verifier: DigestVerifier, order: [UInt8]) {
        self.verifier = verifier
        self.order = order
    }

    override func isValid(signature: Span<UInt8>, message: Span<UInt8>) -> Bool {
        let order = order
        guard let encoded = ECDSASignature(raw: signature, order: order.span) else { return false }
        return encoded.withDER { verifier.isValid(signature: $0, message: message) }
    }
}

/// Codes of a secret that both sides know.
final class CodeVerifier: SignatureMethod {
    private let authenticator: MessageAuthenticator

    init(_ authenticator: MessageAuthenticator) {
        self.authenticator = authenticator
    }

    override func isValid(signature: Span<UInt8>, message: Span<UInt8>) -> Bool {
        var code = InlineArray<64, UInt8>(repeating: 0)
        guard let count = authenticator.authenticate(message, into: &code) else { return false }
        return constantTimeEquals(signature, code.span.extracting(first: count))
    }
}
