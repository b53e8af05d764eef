/// One question of a condition; every name is a number, and every type has been checked.
enum ConditionLeaf: Sendable {
    /// What a request or a token says.
    enum Operand: Sendable, Equatable {
        /// The segment of the path that a variable stands for.
        case segment(Int)
        /// A claim's number in the ``IdentityModel``.
        case claim(Int)
        /// A query parameter's number in its route.
        case query(Int)
    }

    case anyone
    case authenticated
    case role(Int)
    /// One of these texts of the condition.
    case text(Operand, Range<Int>)
    /// One of these integers of the condition.
    case integer(Operand, Range<Int>)
    case boolean(Operand, Bool)
    /// Both sides have this type, which is not a list.
    case same(Operand, Operand, ClaimType)
    /// The claim is a list that holds the text.
    case member(claim: Int, Operand)
    /// The claim is a list that holds all of these texts of the condition.
    case members(claim: Int, Range<Int>)
    /// The client's address is in one of these ranges of the condition.
    case address(Range<Int>)
    case method(MethodSet)
    /// The claim is a time that is at most so many seconds ago.
    case recent(claim: Int, seconds: Int64)
    /// The number of a window of the condition.
    case time(Int)
}
