/// What conditions can ask about a request beside its path, its query and who asks.
package struct RequestFacts: Sendable, Equatable {
    /// An upgrade to WebSocket has a method of its own.
    package let method: Method
    /// Who the client is by its connection, or by a proxy that is trusted; nil when it is not known.
    package let clientAddress: IPAddress?
    /// Unix time in seconds.
    package let now: Int64

    package init(method: Method, clientAddress: IPAddress?, now: Int64) {
        self.method = method
        self.clientAddress = clientAddress
        self.now = now
    }
}
