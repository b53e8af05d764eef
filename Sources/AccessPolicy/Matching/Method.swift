/// A request method that a route can match. Every other method is answered before a policy is asked.
package enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, patch, delete, options

    /// The method of a request line or of a pattern: exact, since methods are case-sensitive
    /// (RFC 9110 § 9.1).
    package init?(name: some StringProtocol) {
        guard let method = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = method
    }

    package var name: String { "\(wireName)" }

    /// As in a request line; static text, so that writing it allocates nothing.
    package var wireName: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        }
    }
}

/// The methods of one route.
struct MethodSet: Sendable, Equatable {
    private var bits: UInt8 = 0
    /// Written as `ANY`: such a route yields to one that names the method.
    let isAny: Bool

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
    /// (RFC 9110 § 9.3.2), so a rule for one that is silent about the other is an oversight.
    private mutating func insert(_ method: Method) {
        bits |= 1 << method.rawValue
        if method == .get { bits |= 1 << Method.head.rawValue }
    }

    func contains(_ method: Method) -> Bool { bits & (1 << method.rawValue) != 0 }

    var methods: [Method] { Method.allCases.filter(contains) }
}
