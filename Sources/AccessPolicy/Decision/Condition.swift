/// A route's `allow`, with every name resolved: evaluated without allocation, and unable to fail.
///
/// A class, so that evaluation counts no references to its arrays.
final class Condition: Sendable {
    enum Operand: Sendable, Equatable {
        /// The segment of the path that a variable stands for, decoded.
        case segment(Int)
        /// A claim's number in the ``IdentityModel``.
        case claim(Int)
        /// A number in `literals`.
        case literal(Int)
    }

    enum Step: Sendable {
        case role(Int)
        /// Both sides have the same type, which the compiler of policies has seen to.
        case equal(Operand, Operand)
        case signedIn
        /// Members are steps behind this one.
        case all(Range<Int>)
        case any(Range<Int>)
        case not(Int)
    }

    /// The first is the whole condition.
    let steps: [Step]
    let literals: [ClaimValue]

    init(steps: [Step], literals: [ClaimValue]) {
        self.steps = steps
        self.literals = literals
    }

    /// Whether the whole condition asks for a role and nothing else.
    var isPlainRole: Bool {
        if case .role? = steps.first { true } else { false }
    }

    func holds(for principal: Principal, on path: borrowing CanonicalPath) -> Bool {
        holds(0, principal, path)
    }

    private func holds(
        _ number: Int, _ principal: Principal, _ path: borrowing CanonicalPath
    ) -> Bool {
        switch steps[number] {
        case .role(let role): return principal.roles.contains(role)
        case .signedIn: return true
        case .not(let member): return !holds(member, principal, path)
        case .all(let members):
            for member in members where !holds(member, principal, path) { return false }
            return true
        case .any(let members):
            for member in members where holds(member, principal, path) { return true }
            return false
        case .equal(.segment(let left), .segment(let right)):
            return path.segment(left, equalsSegment: right)
        case .equal(.segment(let segment), .claim(let claim)),
            .equal(.claim(let claim), .segment(let segment)):
            return principal.claims.isEqual(claim, toSegment: segment, of: path)
        case .equal(.segment(let segment), .literal(let literal)),
            .equal(.literal(let literal), .segment(let segment)):
            return path.segment(segment, equals: literals[literal])
        case .equal(.claim(let left), .claim(let right)):
            return principal.claims.isEqual(left, to: right)
        case .equal(.claim(let claim), .literal(let literal)),
            .equal(.literal(let literal), .claim(let claim)):
            return principal.claims.isEqual(claim, to: literals[literal])
        case .equal(.literal(let left), .literal(let right)):
            return literals[left] == literals[right]
        }
    }
}

extension CanonicalPath {
    fileprivate func segment(_ number: Int, equals value: borrowing ClaimValue) -> Bool {
        switch value {
        case .text(let text): segment(number, equals: text.string.utf8.span)
        case .list, .integer, .boolean: false
        }
    }
}
