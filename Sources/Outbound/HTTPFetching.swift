/// One GET of a document from another server, and what is allowed in getting it.
package struct HTTPFetch: Sendable, Equatable {
    /// Absolute, `https` unless `allowsHTTP`.
    package var url: String
    /// Whether `http:` is allowed too.
    package var allowsHTTP: Bool
    /// Whether the server may be at a loopback, private or link-local address.
    package var allowsPrivateAddresses: Bool
    /// A file of PEM certificates to trust in place of the system's; nil: the system's.
    package var certificateFile: String?
    /// The URL of an HTTP proxy to go through; nil: none.
    package var proxy: String?
    /// For all of it, from the name's resolution to the last byte.
    package var timeout: Duration
    /// The longest accepted body in bytes.
    package var maximumByteCount: Int

    package init(
        url: String, allowsHTTP: Bool = false, allowsPrivateAddresses: Bool = false,
        certificateFile: String? = nil, proxy: String? = nil, timeout: Duration = .seconds(2),
        maximumByteCount: Int = 512 * 1024
    ) {
        self.url = url
        self.allowsHTTP = allowsHTTP
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.certificateFile = certificateFile
        self.proxy = proxy
        self.timeout = timeout
        self.maximumByteCount = maximumByteCount
    }
}

/// Why a document was not got: one sentence for a log, with nothing of the document.
package struct FetchError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: String, Sendable, CaseIterable {
        /// The URL is none, or of a scheme that is not allowed.
        case url
        /// The name does not resolve, or nothing answers there.
        case connection
        /// The server's address is not allowed.
        case address
        case tls
        case timeout
        /// Another status than 200.
        case status
        /// A redirect to another origin, or too many.
        case redirect
        case tooLarge
        /// The fetcher has been stopped, or has too much to do.
        case stopped
        case other
    }

    package let reason: Reason
    package let description: String

    package init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}

/// Gets documents from other servers, off the event loops.
package protocol HTTPFetching: Sendable {
    /// - Returns: the body of the answer, whose status was 200.
    func fetch(_ request: HTTPFetch) async throws(FetchError) -> [UInt8]
}
