package import AccessPolicy

/// A verdict with all that it comes from, for explanations.
package struct Examination: Sendable {
    /// Nil where the target holds none that is accepted.
    package let path: CanonicalPath?
    /// Why the target is refused.
    package internal(set) var rejection: TargetRejection?
    /// The routes whose pattern fits, most specific first: for the path as sent, and for the folded one;
    /// none for a target that is refused.
    package internal(set) var candidates: [[RouteCandidate]] = []
    package internal(set) var selection: RouteSelection?
    package internal(set) var leaves: [LeafTrace] = []
    package internal(set) var verdict = Verdict()

    init(path: CanonicalPath?) { self.path = path }
}
