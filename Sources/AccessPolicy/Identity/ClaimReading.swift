import StrictJSON

/// How the tokens of an issuer say what a claim of the identity model is.
///
/// A class, so that reading a token copies nothing of it.
final class ClaimReading: Sendable {
    private let name: String
    private let type: ClaimType
    private let fallback: ClaimValue?
    private let whenVerified: ClaimPath?
    /// The first of these that is present counts, whatever it holds.
    private let sources: [ClaimPath]
    /// Nil: the JSON value of the type.
    private let form: ClaimForm?
    private let map: ClaimMap?

    init(
        _ claim: ClaimDeclaration, sources: [ClaimPath]? = nil, form: ClaimForm? = nil,
        map: ClaimMap? = nil
    ) {
        name = claim.name
        type = claim.type
        fallback = claim.fallback
        whenVerified = claim.whenVerified
        self.sources = sources ?? claim.sources
        self.form = form
        self.map = map
    }

    /// Adds the claim's value to those that are held.
    ///
    /// - Throws: ``PrincipalRejection`` when the claim is required and absent, or mistyped; a default
    ///   stands for an absent claim, never for a wrong one. What is held must then not be used.
    func read(_ claims: JSONObject, into held: inout HeldClaims) throws(PrincipalRejection) {
        guard isVerified(in: claims), let location = sources.firstLocation(in: claims) else {
            return try holdFallback(.missing, in: &held)
        }
        switch type {
        case .string where map == nil:
            let found = claims.texts(at: location) { held.hold($0) }
            guard found == .single else { throw wrongShape }
        case .stringList:
            try readList(claims, at: location, into: &held)
        case .string, .integer, .boolean:
            guard let value = try value(in: claims, at: location) else {
                return try holdFallback(.unmapped, in: &held)
            }
            held.hold(value)
        }
    }

    private func isVerified(in claims: JSONObject) -> Bool {
        guard let whenVerified else { return true }
        return whenVerified.location(in: claims).map(claims.value) == .bool(true)
    }

    private func readList(
        _ claims: JSONObject, at location: JSONLocation, into held: inout HeldClaims
    ) throws(PrincipalRejection) {
        let start = held.members.count
        let fits = (form ?? .list).forEachValue(in: claims, at: location) { foreign in
            guard let map else { return held.place(member: foreign) }
            if let targets = map.targets(of: foreign) {
                for case .text(let own) in targets
                // Two names for one value are one value.
                where !held.hasMember(from: start, own.string.utf8.span) {
                    held.place(member: own.string.utf8.span)
                }
            } else if map.keepsUnmapped, !held.hasMember(from: start, foreign) {
                held.place(member: foreign)
            }
        }
        guard fits else { throw wrongShape }
        held.holdMembers(from: start)
    }

    /// The value of a claim that is no list and no plain text; nil when it was dropped.
    private func value(
        in claims: JSONObject, at location: JSONLocation
    ) throws(PrincipalRejection) -> ClaimValue? {
        let json = claims.value(at: location)
        guard let map else {
            guard let value = ClaimValue(json), value.type == type else { throw wrongShape }
            return value
        }
        guard case .string(let foreign) = json else {
            throw PrincipalRejection(claim: name, fault: .form(.string))
        }
        if let targets = map.targets(of: foreign.utf8.span) { return targets.first }
        return map.keepsUnmapped ? .text(ExactText(foreign)) : nil
    }

    private var wrongShape: PrincipalRejection {
        PrincipalRejection(claim: name, fault: form.map { .form($0) } ?? .mistyped)
    }

    private func holdFallback(
        _ fault: PrincipalRejection.Fault, in held: inout HeldClaims
    ) throws(PrincipalRejection) {
        guard let fallback else { throw PrincipalRejection(claim: name, fault: fault) }
        held.hold(fallback)
    }
}
