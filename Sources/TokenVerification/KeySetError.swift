/// Why a whole set of keys is refused.
package struct KeySetError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: String, Sendable, CaseIterable {
        case tooLarge = "the key set is larger than 512 KiB or 256 keys"
        case malformed = "the key set is not an object with an array `keys`"
        case secretMember = "the key set holds a private or symmetric key; publish public keys only"
        case privateKey = "this is a private key; name a file that holds only its public key"
        case duplicateKeyID = "two keys for one algorithm have the same `kid`"
        case malformedSecret = "the secret looks like JSON, but is neither a JWK nor a set of them"
        case notSymmetric =
            "the secret holds a key of another type than `oct`; name public keys elsewhere"
        case badKey = "the key cannot be used"
    }

    package let reason: Reason
    /// More about it, such as where the JSON is broken.
    package let detail: String

    package init(_ reason: Reason, _ detail: String = "") {
        self.reason = reason
        self.detail = detail
    }

    package var description: String {
        detail.isEmpty ? reason.rawValue : "\(reason.rawValue): \(detail)"
    }
}
