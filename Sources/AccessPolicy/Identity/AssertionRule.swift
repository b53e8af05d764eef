package import StrictJSON

/// `defaults.identity.assertion`: what the signed assertion says of whoever is let in, and how.
package struct AssertionRule: Sendable {
    /// What of the request is in the assertion as well, so that it is good for that request alone. The raw
    /// value is the member's name.
    package enum Binding: String, Sendable, CaseIterable {
        case method, host, path
    }

    /// The header that carries it.
    package let header: String
    /// Seconds.
    package let lifetime: Int64
    /// None twice. Where there are any, each request has an assertion of its own.
    package let bindings: [Binding]
    /// Behind `sub`, in the order of the policy.
    let claims: [(name: String, source: IdentityHeader.Source)]

    /// The members besides `sub`, for people.
    package var claimNames: [String] { claims.map(\.name) }

    package static let defaultHeader = "X-Ostiary-Assertion"
    package static let defaultLifetime: Int64 = 60
    /// In seconds. The clocks of two machines differ by more than less; what lives for longer is good
    /// for too long after a sign-out.
    package static let lifetimes: ClosedRange<Int64> = 5...600
}

extension Principal {
    /// The members of an assertion by the policy's rule: `sub`, and what the rule names. A text that is
    /// empty is left out, as it is in headers.
    package var assertionClaims: [JSONMember] {
        let rule = assertionRule
        var members = [
            JSONMember(
                name: "sub", value: .string(String(decoding: subject, as: UTF8.self)))
        ]
        for (name, source) in rule?.claims ?? [] {
            guard let value = assertionValue(source) else { continue }
            members.append(JSONMember(name: name, value: value))
        }
        return members
    }

    private func assertionValue(_ source: IdentityHeader.Source) -> JSONValue? {
        guard case .claim(let number) = source else {
            return .array(roleNames.map { .string($0) })
        }
        func text(_ range: Range<Int>) -> String {
            String(decoding: claims.bytes[range], as: UTF8.self)
        }
        switch claims[number] {
        case .text(let range): return range.isEmpty ? nil : .string(text(range))
        case .list(let list):
            var members: [JSONValue] = []
            claims.forEachMember(list) { members.append(.string(text($0))) }
            return .array(members)
        case .integer(let number): return .number(JSONNumber(number))
        case .boolean(let flag): return .bool(flag)
        }
    }
}
