import AccessPolicy
import StrictJSON

/// What to do about the mistakes that people make when they ask.
struct ExplanationAdvice {
    private let policy: PolicySet
    private let question: PolicyQuestion
    private let examination: Examination

    init(_ policy: PolicySet, _ question: PolicyQuestion, _ examination: Examination) {
        self.policy = policy
        self.question = question
        self.examination = examination
    }

    var lines: [String] {
        (target + host + route + person + address + query + handshake).map { hint in
            TerminalText.plain("hint: \(hint)")
        }
    }

    // MARK: Targets and hosts

    private var target: [String] {
        guard let rejection = examination.rejection else { return [] }
        let path = question.target.prefix { $0 != "?" }
        switch rejection {
        case .notAbsolute:
            return question.target.contains("://")
                ? ["write the path alone, for example `/users`, and the host with `--host`"]
                : ["a path starts with a slash: `/\(question.target)`"]
        case .forbiddenByte:
            if path.contains("{") || path.contains("}") || path.contains("*") {
                return ["this looks like a pattern; write a path such as `/users/7`"]
            }
            let byte = path.utf8.first { !Self.isAllowed($0) } ?? UInt8(ascii: " ")
            return ["write the character as an escape: `%\(hex(byte))`"]
        case .emptySegment:
            return [
                "write one slash; an app that takes two for one needs `slashes: merge` in "
                    + "`upstreams`"
            ]
        case .dotSegment:
            return [
                "write the path without dots; an app that resolves them needs `dots: resolve` in "
                    + "`upstreams`"
            ]
        case .forbiddenEscape:
            let escapes = Self.escapes.filter { path.uppercased().contains($0.text) }
            return escapes.map { escape in
                "a route lets `\(escape.text)` through that says `path: {\(escape.key): keep}`; the "
                    + "routes of both views need it"
            }
        case .malformedEscape: return ["write a percent sign as `%25`"]
        case .encodedControl, .invalidUTF8, .tooManySegments, .tooManyEscapes: return []
        }
    }

    private var host: [String] {
        guard examination.verdict.refusal?.code == "unknown_host" else { return [] }
        let given = question.host ?? ""
        if given.contains(":"), !given.hasPrefix("[") {
            return ["write the host without its port"]
        }
        return [
            "the policy is about \(policy.hostTexts.map { "`\($0)`" }.joined(separator: ", ")); "
                + "name one with `--host`, or add `\(given)` to `hosts`"
        ]
    }

    // MARK: Routes

    private var route: [String] {
        guard let selection = examination.selection, selection.route == nil else {
            return foldedRoute
        }
        if let (path, route) = neighbour {
            return [
                "`\(path)` has a route, `\(route.id)` (`\(route.matchText)`); this path has none"
            ]
        }
        let candidates = examination.candidates.first ?? []
        let others = candidates.filter { $0.hasOtherMethod && !$0.hasOtherHost }
        if let other = others.first {
            return [
                "no route for this path is for \(question.method.name); add it to the `match` of "
                    + "`\(other.route.id)`, `\(other.route.matchText)`, or write a route"
            ]
        }
        if let other = candidates.first(where: \.hasOtherHost) {
            return [
                "`\(other.route.id)` is about \(other.route.hostTexts.joined(separator: ", ")); name "
                    + "the host with `--host`"
            ]
        }
        return ["write a route for it, for example `match: \(question.method.name) \(pathText)`"]
    }

    private var foldedRoute: [String] {
        guard examination.verdict.refusal?.code == "ambiguous_path" else { return [] }
        return [
            "apps that ignore case, or decode twice, would take the path for the folded one; ask for "
                + "the spelling that the route has"
        ]
    }

    private var pathText: Substring { question.target.prefix { $0 != "?" } }

    /// A path that is the same to a person, and that has a route.
    private var neighbour: (path: String, route: Route)? {
        let text = String(pathText)
        let spellings = [
            text.hasSuffix("/") ? String(text.dropLast()) : text + "/", text.lowercased(),
        ]
        for spelling in spellings where spelling != text && !spelling.isEmpty {
            var other = question
            other.target = spelling
            if let route = PolicyJudge(policy).judge(other).route { return (spelling, route) }
        }
        return nil
    }

    // MARK: People and queries

    private var person: [String] {
        guard let person = question.person else {
            return examination.verdict.refusal?.code == "unauthenticated"
                ? ["name somebody: `--as NAME` from the tests, `--role ROLE`, or `--claims JSON`"]
                : []
        }
        guard case .claims(let claims) = person.source else { return [] }
        let named = claims["roles"]?.array ?? claims["roles"].map { [$0] } ?? []
        let unknown = named.compactMap(\.string).filter { !policy.roleNames.contains($0) }
        guard examination.verdict.refusal != nil, !unknown.isEmpty,
            examination.verdict.principal?.roleNames.isEmpty == true
        else { return [] }
        let names = unknown.map { "`\($0)`" }.joined(separator: ", ")
        return [
            "the policy declares no role \(names), which therefore grants nothing; it has "
                + policy.roleNames.map { "`\($0)`" }.joined(separator: ", ")
        ]
    }

    private var address: [String] {
        let isAsked = examination.leaves.contains { $0.words.contains("client.ip") }
        return question.address == nil && isAsked && examination.verdict.refusal != nil
            ? ["a condition asks for the client's address: name it with `--ip`"] : []
    }

    private var handshake: [String] {
        question.method == .webSocket && examination.verdict.isAllowed
            ? [
                "a page of an origin that `websocket.origins` does not allow is refused all the same, "
                    + "with `origin`"
            ] : []
    }

    private var query: [String] {
        let code = examination.verdict.refusal?.code
        if code == "bad_target", examination.selection != nil {
            return [
                "a parameter that the route declares is there twice, is not of its type, or holds a "
                    + "`+` or a control character"
            ]
        }
        guard question.target.contains("?"), code == "no_route" || code == "condition_false",
            examination.selection?.route?.query.isEmpty ?? true
        else { return [] }
        return [
            "the query is never matched; a condition can ask for a key that the route declares with "
                + "`query:`"
        ]
    }

    // MARK: Bytes

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=:@/%".utf8.contains(byte)
        }
    }

    private func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private static let escapes: [(text: String, key: String)] = [
        (text: "%2F", key: "encoded_slash"), ("%5C", "encoded_backslash"),
        ("%25", "encoded_percent"), ("%3B", "encoded_semicolon"), ("%23", "encoded_hash"),
        ("%3F", "encoded_question"),
    ]
}
