import Outbound
import TokenVerification

/// Why a source gave no keys: one sentence for a log, with nothing of what it gave instead but for names
/// that are public: addresses and what an issuer calls itself.
package struct KeyFetchError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    init(_ error: FetchError) { self.init(error.description) }
}
