import AccessPolicy

/// A request that is not forwarded, and why.
package struct Refusal: Sendable, Equatable {
    package let code: ReasonCode
    /// Which check failed, in words that hold nothing of the request; for the log only.
    package let detail: String
    /// The route that was chosen, where one was.
    package let routeID: String?
    /// Tells the refused token from others; nil where there was none, or no log wants to know.
    package let token: TokenMark?

    package init(
        _ code: ReasonCode, detail: String = "", routeID: String? = nil, token: TokenMark? = nil
    ) {
        self.code = code
        self.detail = detail
        self.routeID = routeID
        self.token = token
    }

    /// The same refusal on a request for this route.
    func on(_ route: Route?) -> Refusal { on(routeID: route?.id) }

    func on(routeID: String?) -> Refusal {
        Refusal(code, detail: detail, routeID: routeID, token: token)
    }

    /// Equal when the code is: the detail is free to be worded better.
    package static func == (left: Refusal, right: Refusal) -> Bool { left.code == right.code }
}

/// A request that has no canonical form.
package struct RequestRejection: Error, Sendable, Equatable {
    package let code: ReasonCode
    package let detail: String

    package init(_ code: ReasonCode, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    package static func == (left: RequestRejection, right: RequestRejection) -> Bool {
        left.code == right.code
    }
}
