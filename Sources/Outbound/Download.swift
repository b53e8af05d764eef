/// A fetch with the redirects that it may follow, on the calling thread.
struct Download: Sendable {
    let request: HTTPFetch
    let deadline: ContinuousClock.Instant
    let isGivenUp: @Sendable () -> Bool

    func result() -> Result<[UInt8], FetchError> {
        do throws(FetchError) {
            return .success(try body())
        } catch {
            return .failure(error)
        }
    }

    /// Redirects are followed here and not by libcurl, because only those to the same origin count
    /// as the server's own answer.
    private func body() throws(FetchError) -> [UInt8] {
        var url = try WebURL(request.url, allowsHTTP: request.allowsHTTP)
        for _ in 0...Self.maximumRedirectCount {
            switch try transfer(url).run() {
            case .body(let body): return body
            case .moved(let location):
                // Another scheme is another origin, whatever is allowed.
                guard let next = try? WebURL(location, allowsHTTP: true) else {
                    throw FetchError(
                        .redirect, "`\(url.description)` redirects to what is not a web address")
                }
                guard next.hasSameOrigin(as: url) else {
                    throw FetchError(
                        .redirect,
                        "`\(url.description)` redirects to another server, `\(next.origin)`; "
                            + "configure the URL that it has moved to")
                }
                url = next
            }
        }
        throw FetchError(.redirect, "`\(url.description)` redirects too often")
    }

    private func transfer(_ url: WebURL) throws(FetchError) -> Transfer {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else {
            throw FetchError(.timeout, "no time was left to ask `\(url.description)`")
        }
        return Transfer(request: request, url: url, timeout: left, isGivenUp: isGivenUp)
    }

    private static let maximumRedirectCount = 3
}
