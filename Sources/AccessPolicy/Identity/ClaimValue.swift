import StrictJSON

/// The value of a claim, in one of the four types that a policy knows.
///
/// Text is UTF-8, since it is compared byte for byte: equal `String`s may be different bytes.
enum ClaimValue: Sendable, Equatable {
    case text([UInt8])
    case list([[UInt8]])
    case integer(Int64)
    case boolean(Bool)

    /// Nil for what none of the types covers: null, objects, fractions, lists that hold anything but
    /// strings.
    init?(_ json: JSONValue) {
        switch json {
        case .string(let text): self = .text(Array(text.utf8))
        case .bool(let flag): self = .boolean(flag)
        case .number(let number):
            guard let integer = number.integer else { return nil }
            self = .integer(integer)
        case .array(let members):
            var list: [[UInt8]] = []
            for member in members {
                guard case .string(let text) = member else { return nil }
                list.append(Array(text.utf8))
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
