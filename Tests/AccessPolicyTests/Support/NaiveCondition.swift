import AccessPolicy
import TestSupport

/// What a random request and its principal are, in plain values.
struct NaiveRequest {
    struct Person {
        var roles: Set<String> = []
        var name = "a"
        var level = 1
        var staff = false
        var groups: [String] = []
        var scopes: [String] = []
        var acr = ""
        var authTime: Int64 = 0
    }

    var person: Person?
    var segment = "a"
    var method = "GET"
    var text: String?
    var number: Int?
    var address: String?
    var now: Int64 = 1_800_000_000

    static let texts = ["a", "b", "c", "a b", "ü"]
    static let addresses = ["10.0.0.1", "10.9.9.9", "192.0.2.1", "2001:db8::1"]

    init(_ generator: inout SeededGenerator) {
        if generator.pick([true, true, true, false]) { person = Self.person(&generator) }
        segment = generator.pick(Self.texts)
        method = generator.pick(["GET", "POST"])
        if Bool.random(using: &generator) { text = generator.pick(Self.texts) }
        if Bool.random(using: &generator) { number = Int.random(in: 0...3, using: &generator) }
        if Bool.random(using: &generator) { address = generator.pick(Self.addresses) }
        now += Int64.random(in: 0..<7 * 86_400, using: &generator)
    }

    private static func person(_ generator: inout SeededGenerator) -> Person {
        var person = Person()
        person.roles = generator.pick([[], ["viewer"], ["viewer", "admin"]])
        person.name = generator.pick(texts)
        person.level = Int.random(in: 0...3, using: &generator)
        person.staff = Bool.random(using: &generator)
        person.groups = texts.filter { _ in Bool.random(using: &generator) }
        person.scopes = ["read", "write"].filter { _ in Bool.random(using: &generator) }
        person.acr = generator.pick(["", "gold", "silver"])
        person.authTime = 1_800_000_000 + Int64.random(in: 0..<7 * 86_400, using: &generator)
        return person
    }

    /// The token's claims.
    var json: String? {
        person.map { person in
            let groups = person.groups.map { "\"\($0)\"" }.joined(separator: ", ")
            return """
                {"sub": "somebody", "roles": [\(person.roles.map { "\"\($0)\"" }.joined(separator: ","))], \
                "name": "\(person.name)", "level": \(person.level), "staff": \(person.staff), \
                "groups": [\(groups)], "scope": "\(person.scopes.joined(separator: " "))", \
                "acr": "\(person.acr)", "auth_time": \(person.authTime)}
                """
        }
    }

    var line: String {
        var query: [String] = []
        if let text { query.append("q=\(Self.escaped(text))") }
        if let number { query.append("n=\(number)") }
        return "\(method) /x/\(Self.escaped(segment))?\(query.joined(separator: "&"))"
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            if byte != 0x20, byte < 0x80 { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }
}

/// A condition as a tree, evaluated in the three-valued logic of Kleene: nil is unknown.
indirect enum NaiveCondition {
    case leaf(yaml: String, remedy: DenyReason?, (NaiveRequest) -> Bool?)
    case all([NaiveCondition])
    case any([NaiveCondition])
    case not(NaiveCondition)

    /// `remedies`: leaves that are taken to hold where they are not negated.
    func value(
        _ request: NaiveRequest, _ remedies: [DenyReason] = [], isNegated: Bool = false
    ) -> Bool? {
        switch self {
        case .leaf(_, let remedy?, _) where !isNegated && remedies.contains(remedy): true
        case .leaf(_, _, let value): value(request)
        case .not(let member): member.value(request, remedies, isNegated: !isNegated).map { !$0 }
        case .all(let members):
            members.map { $0.value(request, remedies, isNegated: isNegated) }.reduce(true, Self.and)
        case .any(let members):
            members.map { $0.value(request, remedies, isNegated: isNegated) }
                .reduce(false) { left, right in
                    Self.and(left.map { !$0 }, right.map { !$0 }).map { !$0 }
                }
        }
    }

    private static func and(_ left: Bool?, _ right: Bool?) -> Bool? {
        if left == false || right == false { return false }
        return left == nil || right == nil ? nil : true
    }

    var isLeaf: Bool { if case .leaf = self { true } else { false } }

    var yaml: String {
        switch self {
        case .leaf(let yaml, _, _): yaml
        case .not(let member): "{not: \(member.yaml)}"
        case .all(let members): "{all: [\(members.map(\.yaml).joined(separator: ", "))]}"
        case .any(let members): "{any: [\(members.map(\.yaml).joined(separator: ", "))]}"
        }
    }

    static func random(_ generator: inout SeededGenerator, depth: Int = 0) -> NaiveCondition {
        let kind = depth < 4 ? Int.random(in: 0..<6, using: &generator) : 5
        func members() -> [NaiveCondition] {
            (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                random(&generator, depth: depth + 1)
            }
        }
        switch kind {
        case 0, 1: return .all(members())
        case 2, 3: return .any(members())
        case 4: return .not(random(&generator, depth: depth + 1))
        default: return leaf(&generator)
        }
    }

    private static func leaf(_ generator: inout SeededGenerator) -> NaiveCondition {
        let text = generator.pick(NaiveRequest.texts)
        let others = [text] + NaiveRequest.texts.filter { $0 != text }.prefix(1)
        let number = Int.random(in: 0...3, using: &generator)
        let role = generator.pick(["viewer", "admin"])
        let scope = generator.pick(["read", "write"])
        let acr = generator.pick(["gold", "silver"])
        let list = others.map { "\"\($0)\"" }.joined(separator: ", ")
        let leaves: [NaiveCondition] = [
            .leaf(yaml: "{role: \(role)}", remedy: nil) { $0.person?.roles.contains(role) },
            .leaf(yaml: "{claim: {name: [\(list)]}}", remedy: nil) {
                $0.person.map { others.contains($0.name) }
            },
            .leaf(yaml: "{claim: {level: \(number), staff: true}}", remedy: nil) {
                $0.person.map { $0.level == number && $0.staff }
            },
            .leaf(yaml: "{equal: [path.v, claims.name]}", remedy: nil) { request in
                request.person.map { $0.name == request.segment }
            },
            .leaf(yaml: "{equal: [path.v, \"\(text)\"]}", remedy: nil) { $0.segment == text },
            .leaf(yaml: "{equal: [query.q, path.v]}", remedy: nil) { request in
                request.text.map { $0 == request.segment }
            },
            .leaf(yaml: "{equal: [claims.level, query.n]}", remedy: nil) { request in
                request.person.map { $0.level == request.number ?? 1 }
            },
            .leaf(yaml: "{in: [query.q, [\(list)]]}", remedy: nil) {
                $0.text.map(others.contains)
            },
            .leaf(yaml: "{contains: [claims.groups, \"\(text)\"]}", remedy: nil) {
                $0.person.map { $0.groups.contains(text) }
            },
            .leaf(yaml: "{contains: [claims.groups, path.v]}", remedy: nil) { request in
                request.person.map { $0.groups.contains(request.segment) }
            },
            .leaf(yaml: "{contains: [claims.groups, query.q]}", remedy: nil) { request in
                guard let person = request.person, let text = request.text else { return nil }
                return person.groups.contains(text)
            },
            .leaf(yaml: "{in: [client.ip, [10.0.0.0/16, \"2001:db8::/32\"]]}", remedy: nil) {
                $0.address.map { ["10.0.0.1", "2001:db8::1"].contains($0) }
            },
            .leaf(yaml: "{method: POST}", remedy: nil) { $0.method == "POST" },
            .leaf(yaml: "{scope: \(scope)}", remedy: .scopeMissing) {
                $0.person.map { $0.scopes.contains(scope) }
            },
            .leaf(yaml: "{acr: \(acr)}", remedy: .stepUp) { $0.person.map { $0.acr == acr } },
            .leaf(yaml: "{auth_age: 1d}", remedy: .stepUp) { request in
                request.person.map {
                    (-60...86_400).contains(request.now - $0.authTime)
                }
            },
            .leaf(yaml: "{time: {days: [sat, sun]}}", remedy: nil) { request in
                // The first of January 1970 was a Thursday.
                [2, 3].contains(request.now / 86_400 % 7)
            },
            .leaf(yaml: "{authenticated: true}", remedy: nil) { $0.person.map { _ in true } },
            .leaf(yaml: "{anyone: true}", remedy: nil) { _ in true },
        ]
        return generator.pick(leaves)
    }
}
