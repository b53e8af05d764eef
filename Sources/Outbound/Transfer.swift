private import CLibcurl

/// One GET without redirects, by libcurl, on the calling thread.
struct Transfer {
    /// What came of it.
    enum Outcome {
        case body([UInt8])
        /// The absolute URL that the server names in place of this one.
        case moved(to: String)
    }

    let request: HTTPFetch
    let url: WebURL
    /// What is left of the time.
    let timeout: Duration
    let isGivenUp: @Sendable () -> Bool

    func run() throws(FetchError) -> Outcome {
        try checkAddress()
        guard Self.isLibraryReady, let handle = unsafe curl_easy_init() else {
            throw FetchError(.other, "libcurl cannot be used: it does not start")
        }
        defer { unsafe curl_easy_cleanup(handle) }
        let reception = Reception(
            maximumByteCount: request.maximumByteCount,
            // Through a proxy every connection is one to the proxy, which is the operator's choice.
            allowsAnyAddress: request.allowsPrivateAddresses || request.proxy != nil,
            isGivenUp: isGivenUp)
        let fields = unsafe Self.fields()
        defer { unsafe curl_slist_free_all(fields) }
        guard unsafe configure(handle), unsafe reception.attach(to: handle),
            unsafe ostiary_curl_set_pointer(handle, CURLOPT_HTTPHEADER, fields) == CURLE_OK
        else {
            throw FetchError(.other, "libcurl cannot be used: it lacks what is needed")
        }
        var detail = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let code = unsafe detail.withUnsafeMutableBufferPointer { buffer in
            unsafe ostiary_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, buffer.baseAddress)
            defer { unsafe ostiary_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil) }
            return withExtendedLifetime(reception) {
                BrokenPipes.ignored { unsafe curl_easy_perform(handle) }
            }
        }
        guard code == CURLE_OK else {
            let bytes = detail.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw failure(code.rawValue, String(decoding: bytes, as: UTF8.self), reception)
        }
        return try unsafe outcome(handle, reception)
    }

    /// A name is checked by what it resolves to, when it is connected to. Through a proxy there is no
    /// such moment, but what is plainly an address of ours is not asked for either.
    private func checkAddress() throws(FetchError) {
        guard !request.allowsPrivateAddresses else { return }
        let host = url.host.hasSuffix(".") ? String(url.host.dropLast()) : url.host
        if let refused = PeerAddress(host), refused.refusal != nil {
            throw refusal(of: refused)
        }
        guard request.proxy == nil || host != "localhost" && !host.hasSuffix(".localhost") else {
            throw FetchError(
                .address, "`\(url.description)` is this machine, from where nothing is fetched")
        }
    }

    func refusal(of address: PeerAddress?) -> FetchError {
        guard let address, let kind = address.refusal else {
            return FetchError(.address, "`\(url.description)` has an address of an unknown kind")
        }
        let article = kind == "unspecified" ? "an" : "a"
        let place =
            PeerAddress(url.host) == address
            ? "is at" : "is at `\(address)`, which is"
        return FetchError(
            .address,
            "`\(url.description)` \(place) \(article) \(kind) address; allow private addresses if you "
                + "mean it"
        )
    }

    /// Returns whether every option was accepted: one that is not could be one that protects.
    private func configure(_ handle: UnsafeMutableRawPointer) -> Bool {
        let milliseconds = max(1, Int(timeout / .milliseconds(1)))
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_TIMEOUT_MS, milliseconds), (CURLOPT_CONNECTTIMEOUT_MS, milliseconds),
            (CURLOPT_NOSIGNAL, 1),
            // Else giving up would wait for a resolver that does not answer.
            (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_MAXFILESIZE, request.maximumByteCount),
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            (CURLOPT_HTTP_CONTENT_DECODING, 0), (CURLOPT_NETRC, 0),
            (CURLOPT_DISALLOW_USERNAME_IN_URL, 1), (CURLOPT_FORBID_REUSE, 1),
        ]
        var texts: [(CURLoption, String)] = [
            (CURLOPT_URL, url.text), (CURLOPT_PROTOCOLS_STR, url.scheme),
            (CURLOPT_REDIR_PROTOCOLS_STR, url.scheme), (CURLOPT_USERAGENT, Self.userAgent),
            // Both given, so that nothing of it comes from the environment: an exception from the
            // proxy would be a connection that nobody checks.
            (CURLOPT_PROXY, request.proxy ?? ""), (CURLOPT_NOPROXY, ""),
        ]
        if let file = request.certificateFile {
            texts.append((CURLOPT_CAINFO, file))
            // Else the system's certificates would be trusted besides.
            guard unsafe ostiary_curl_set_text(handle, CURLOPT_CAPATH, nil) == CURLE_OK else {
                return false
            }
        }
        return numbers.allSatisfy {
            unsafe ostiary_curl_set_long(handle, $0.0, $0.1) == CURLE_OK
        }
            && texts.allSatisfy { unsafe ostiary_curl_set_text(handle, $0.0, $0.1) == CURLE_OK }
    }

    private func outcome(
        _ handle: UnsafeMutableRawPointer, _ reception: Reception
    ) throws(FetchError) -> Outcome {
        var status = 0
        var location: UnsafePointer<CChar>?
        unsafe ostiary_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        unsafe ostiary_curl_get_text(handle, CURLINFO_REDIRECT_URL, &location)
        if status == 200 { return .body(reception.body) }
        if [301, 302, 303, 307, 308].contains(status), let location = unsafe location {
            return .moved(to: unsafe String(cString: location))
        }
        throw FetchError(.status, "`\(url.description)` answers with status \(status)")
    }

    private static func fields() -> UnsafeMutablePointer<curl_slist>? {
        unsafe curl_slist_append(nil, "Accept: application/json")
    }

    /// Starting the library is safe from several threads, and needed only once.
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private static let userAgent = "ostiary"
}
