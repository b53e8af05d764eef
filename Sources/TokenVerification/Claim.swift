import StrictJSON

/// The claims that verification itself reads.
enum Claim: String, CaseIterable {
    case issuer = "iss"
    case subject = "sub"
    case audience = "aud"
    case expiresAt = "exp"
    case notBefore = "nbf"
    case issuedAt = "iat"
    case tokenID = "jti"
    case sessionID = "sid"
    case userVersion = "uv"
    case tokenUse = "token_use"
    case type = "typ"
    case events
    case confirmation = "cnf"
    case tokenType = "token_type"

    /// The position among all cases.
    fileprivate var number: Int {
        switch self {
        case .issuer: 0
        case .subject: 1
        case .audience: 2
        case .expiresAt: 3
        case .notBefore: 4
        case .issuedAt: 5
        case .tokenID: 6
        case .sessionID: 7
        case .userVersion: 8
        case .tokenUse: 9
        case .type: 10
        case .events: 11
        case .confirmation: 12
        case .tokenType: 13
        }
    }

    fileprivate static let table = JSONNameTable(allCases.map { JSONName($0.rawValue) })
}

/// A claims set in which the claims above have been found in one pass: looking for a dozen of names
/// among a dozen of members one after the other took as long as reading the members.
struct Claims {
    let object: JSONObject
    private let places: JSONPlaces

    init(_ object: JSONObject) {
        self.object = object
        places = object.places(of: Claim.table)
    }

    /// Where the claim is; nil when it is absent.
    subscript(_ claim: Claim) -> Int? { places[claim.number] }

    func value(_ claim: Claim) -> JSONValue? {
        guard let place = self[claim] else { return nil }
        return object.value(at: place)
    }
}

extension JSONName {
    static let issuer = JSONName(Claim.issuer.rawValue)
    static let tokenID = JSONName(Claim.tokenID.rawValue)
}
