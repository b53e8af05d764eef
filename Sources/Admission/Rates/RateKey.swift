internal import AccessPolicy
internal import TokenVerification

/// By whom or what requests are counted, as a number: a keyed hash that nobody outside can aim at.
package struct RateKey: Sendable, Equatable {
    let number: UInt64

    /// Somebody: the same whatever token he comes with, and another for another issuer's user of the
    /// same name.
    init(issuer: String, subject: String) {
        let issuer = Self.hash.hash(Array(issuer.utf8).span)
        let subject = Self.hash.hash(Array(subject.utf8).span)
        number = Self.combine(1, issuer, subject)
    }

    /// A place: an IPv4 address, or the /64 network of an IPv6 address, which is what one customer
    /// has. Those without an address share one bucket.
    init(_ address: IPAddress?) {
        guard let address else {
            number = Self.combine(2, 0, 0)
            return
        }
        let value = address.isIPv6 ? address.value >> 64 : address.value
        number = Self.combine(address.isIPv6 ? 4 : 3, Int(truncatingIfNeeded: value), 0)
    }

    private init(number: UInt64) { self.number = number }

    /// All requests of a route together.
    static let everybody = RateKey(number: combine(5, 0, 0))

    private static func combine(_ kind: Int, _ first: Int, _ second: Int) -> UInt64 {
        UInt64(bitPattern: Int64(hash.hash(kind, first, second)))
    }

    /// One for the process: all event loops count in the same buckets.
    private static let hash = KeyedHash()
}
