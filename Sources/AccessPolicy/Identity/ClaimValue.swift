import StrictJSON

/// The value of a claim, in one of the four types that a policy knows.
enum ClaimValue: Sendable, Equatable {
    case text(ExactText)
    case list([ExactText])
    case integer(Int64)
    case boolean(Bool)

    /// Nil for what none of the types covers: null, objects, fractions, lists that hold anything but
    /// strings.
    init?(_ json: JSONValue) {
        switch json {
        case .string(let text): self = .text(ExactText(text))
        case .bool(let flag): self = .boolean(flag)
        case .number(let number):
            guard let integer = number.integer else { return nil }
            self = .integer(integer)
        case .array(let members):
            var list: [ExactText] = []
            list.reserveCapacity(members.count)
            for member in members {
                guard case .string(let text) = member else { return nil }
                list.append(ExactText(text))
            }
            self = .list(list)
        case .null, .object: return nil
        }
    }

    var type: ClaimType {
        switch self {
        case .text: .string
        case .list: .stringList
        case .integer: .integer
        case .boolean: .boolean
        }
    }
}

/// The type that a policy declares for a claim.
enum ClaimType: String, Sendable, CaseIterable {
    case string, integer, boolean
    case stringList = "[string]"
}
