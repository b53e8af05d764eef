/// The methods of one route.
struct MethodSet: Sendable, Equatable {
    /// One bit for each method, by its raw value.
    private(set) var bits: UInt8 = 0
    /// Written as `ANY`: such a route yields to one that names the method.
    let isAny: Bool
    /// Whether the route names WEBSOCKET. GET and ANY are about handshakes too, but yield to it.
    private var namesWebSocket = false

    static let any: MethodSet = {
        var set = MethodSet(isAny: true)
        for method in Method.allCases { set.bits |= 1 << method.rawValue }
        return set
    }()

    init(_ methods: some Sequence<Method>) {
        self.init(isAny: false)
        for method in methods { insert(method) }
    }

    private init(isAny: Bool) { self.isAny = isAny }

    /// A GET brings HEAD with it: the two differ only in that the answer has no content
    /// (RFC 9110 § 9.3.2), so a rule for one that is silent about the other is an oversight. A
    /// handshake is a GET, too.
    private mutating func insert(_ method: Method) {
        bits |= 1 << method.rawValue
        switch method {
        case .get: bits |= 1 << Method.head.rawValue | 1 << Method.webSocket.rawValue
        case .webSocket: namesWebSocket = true
        default: break
        }
    }

    func contains(_ method: Method) -> Bool { bits & (1 << method.rawValue) != 0 }

    /// How specific the set is about one of its methods; lower is more specific.
    func rank(of method: Method) -> Int {
        if isAny { return 2 }
        return method == .webSocket && !namesWebSocket ? 1 : 0
    }

    /// Whether it is about handshakes and nothing else.
    var isWebSocketOnly: Bool { bits == 1 << Method.webSocket.rawValue }

    /// What it is about, WEBSOCKET only where it is named.
    var methods: [Method] {
        Method.allCases.filter { contains($0) && ($0 != .webSocket || namesWebSocket) }
    }
}
