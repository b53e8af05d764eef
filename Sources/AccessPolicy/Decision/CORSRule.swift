/// Which pages of other origins may read a route's answers (Fetch § 3.2).
package struct CORSRule: Sendable, Equatable {
    /// Serialised origins, compared byte for byte; empty when any is allowed.
    package let origins: [String]
    /// `*`; never together with `credentials`.
    package let allowsAnyOrigin: Bool
    package let credentials: Bool
    /// For preflights; never empty.
    package let methods: [Method]
    /// Request fields that a page may set, as written.
    package let headers: [String]
    /// Response fields that a page may read, as written.
    package let exposed: [String]
    /// How long a browser may keep the answer to a preflight, in whole seconds.
    package let maxAge: Duration

    package init(
        origins: [String], allowsAnyOrigin: Bool, credentials: Bool, methods: [Method],
        headers: [String], exposed: [String], maxAge: Duration
    ) {
        self.origins = origins
        self.allowsAnyOrigin = allowsAnyOrigin
        self.credentials = credentials
        self.methods = methods
        self.headers = headers
        self.exposed = exposed
        self.maxAge = maxAge
    }
}
