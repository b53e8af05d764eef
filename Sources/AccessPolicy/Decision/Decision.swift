/// What a policy answers.
package enum Decision: Sendable, Equatable {
    case allow
    case deny(Denial)
}
