import AccessPolicy

/// A request that is not forwarded, and why.
package struct Refusal: Sendable, Equatable {
    package let code: ReasonCode
    /// Which check failed, in words that hold nothing of the request; for the log only.
    package let detail: String
    /// The route that was chosen, where one was.
    package let routeID: String?

    package init(_ code: ReasonCode, detail: String = "", routeID: String? = nil) {
        self.code = code
        self.detail = detail
        self.routeID = routeID
    }

    /// The same refusal on a request for this route.
    func on(_ route: Route?) -> Refusal { Refusal(code, detail: detail, routeID: route?.id) }

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
