private import CLibcurl

extension Transfer {
    /// The sentence for a transfer that did not end with an answer.
    ///
    /// `detail` is libcurl's own account; it may quote what the server sent, so it is used only for
    /// failures that come before the server says anything.
    func failure(_ number: UInt32, _ detail: String, _ reception: Reception) -> FetchError {
        let code = CURLcode(rawValue: number)
        let subject = "`\(url.description)`"
        if reception.isTooLarge || code == CURLE_FILESIZE_EXCEEDED {
            return FetchError(
                .tooLarge,
                "the answer of \(subject) is larger than \(request.maximumByteCount) bytes")
        }
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return FetchError(.timeout, "\(subject) did not answer in full within \(timeLimit)")
        case CURLE_ABORTED_BY_CALLBACK:
            return FetchError(.stopped, "fetching \(subject) was given up")
        case CURLE_COULDNT_RESOLVE_HOST:
            return FetchError(.connection, "the host of \(subject) does not resolve to an address")
        case CURLE_COULDNT_RESOLVE_PROXY:
            return FetchError(.connection, "the host of the proxy does not resolve to an address")
        case CURLE_COULDNT_CONNECT:
            if let address = reception.refusedAddress { return refusal(of: address) }
            let peer = request.proxy == nil ? subject : "the proxy"
            return FetchError(.connection, "nothing answers at \(peer)")
        case CURLE_SSL_CACERT_BADFILE:
            return FetchError(
                .tls,
                "the certificates to trust cannot be read from "
                    + (request.certificateFile.map { "`\($0)`" } ?? "the system"))
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            let advice = Self.isOfUnknownAuthority(detail) ? "; \(Self.authorityAdvice)" : ""
            return FetchError(
                .tls, "no TLS with \(subject): \(Self.lowercased(detail, number))\(advice)")
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            return FetchError(.connection, "the answer of \(subject) breaks off")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            return FetchError(.other, "\(subject) does not answer in HTTP/1.1")
        default:
            return FetchError(
                .other, "\(subject) cannot be fetched: \(Self.lowercased("", number))")
        }
    }

    private var timeLimit: String {
        let milliseconds = Int(request.timeout / .milliseconds(1))
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }

    private static func lowercased(_ detail: String, _ code: UInt32) -> String {
        let words =
            detail.isEmpty
            ? unsafe String(cString: curl_easy_strerror(CURLcode(rawValue: code))) : detail
        // Abbreviations such as SSL, and names such as OpenSSL, stay what they are.
        let first = words.prefix { $0 != " " }.dropFirst()
        guard !first.isEmpty, first.allSatisfy({ !$0.isUppercase }) else { return words }
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    /// Whether the certificate is no worse than not known: its authority is none of those to trust.
    private static func isOfUnknownAuthority(_ detail: String) -> Bool {
        ["issuer certificate", "self-signed", "self signed"].contains { detail.contains($0) }
    }

    private static let authorityAdvice =
        "if the authority is your own, name its certificate (`ca`)"
}
