/// Makes up YAML texts with comments in every place, written in all the ways that YAML has.
struct RandomLayout {
    private var state: UInt64
    private var lines: [String] = []

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// A mapping of a few sections.
    mutating func file() -> String {
        lines = []
        noise(indent: 0)
        let names = ["version", "routes", "claims", "roles", "deny", "issuers"].shuffled(
            using: &self)
        for name in names.prefix(1 + below(names.count)) { entry(name, indent: 0, depth: 0) }
        noise(indent: below(4))
        let end = below(8) == 0 ? "\r\n" : "\n"
        return (below(10) == 0 ? "\u{FEFF}" : "") + lines.joined(separator: end)
            + (below(4) == 0 ? "" : end)
    }

    private mutating func entry(_ key: String, indent: Int, depth: Int) {
        noise(indent: indent)
        let spaces = String(repeating: " ", count: indent)
        let key = below(12) == 0 ? "'\(key)'" : below(12) == 0 ? "\"\(key)\"" : key
        value(after: spaces + key + ":", indent: indent, depth: depth, isElement: false)
    }

    private mutating func value(after lead: String, indent: Int, depth: Int, isElement: Bool) {
        let spaces = String(repeating: " ", count: indent)
        switch below(depth > 3 ? 6 : 12) {
        case 0, 1, 2: lines.append("\(lead) \(scalar())\(comment())")
        case 3:
            lines.append("\(lead)\(comment())")
            noise(indent: indent + 1)
            lines.append("\(spaces)   \(scalar())\(comment())")
        case 4:
            lines.append("\(lead) \(pick(["|", "|-", ">", ">-", "|+", ">+", "|2"]))\(comment())")
            for _ in 0...below(3) {
                let more = String(repeating: " ", count: below(3))
                lines.append(
                    below(4) == 0 ? "" : "\(spaces)  x\(more)\(pick(["a # b", "c", "- d: e"]))")
            }
            lines.append("\(spaces)  end")
        case 5, 6, 7: flow(after: lead, indent: indent, depth: depth)
        case 8, 9:
            lines.append("\(lead)\(comment())")
            // A list may stand in the column of its key.
            let inner = !isElement && below(4) == 0 ? indent : indent + 1 + below(4)
            for _ in 0...below(3) { element(indent: inner, depth: depth + 1) }
            if below(3) == 0 { noise(indent: inner) }
        default:
            lines.append("\(lead)\(comment())")
            let inner = indent + 1 + below(4)
            for number in 0...below(3) { entry("k\(number)", indent: inner, depth: depth + 1) }
            if below(3) == 0 { noise(indent: inner) }
        }
    }

    private mutating func element(indent: Int, depth: Int) {
        noise(indent: indent)
        let spaces = String(repeating: " ", count: indent)
        if depth < 4, below(3) == 0 {
            lines.append("\(spaces)-   id: \(scalar())\(comment())")
            for number in 0..<below(3) { entry("k\(number)", indent: indent + 4, depth: depth + 1) }
        } else if depth < 4, below(6) == 0 {
            lines.append("\(spaces)- - \(scalar())\(comment())")
            lines.append("\(spaces)  - \(scalar())\(comment())")
        } else if below(3) == 0 {
            lines.append(
                "\(spaces)- {id: \(word()), match: \(word()), allow: {role: \(word())}}\(comment())"
            )
        } else {
            value(after: spaces + "-", indent: indent, depth: depth, isElement: true)
        }
    }

    /// Brackets on one line, or spread over several with comments between.
    private mutating func flow(after lead: String, indent: Int, depth: Int) {
        let text = brackets(depth: depth)
        guard below(3) == 0 else {
            lines.append("\(lead) \(text)\(comment())")
            return
        }
        let spaces = String(repeating: " ", count: indent + 1 + below(4))
        let isList = below(2) == 0
        lines.append("\(lead) \(isList ? "[" : "{")\(comment())")
        for number in 0...below(3) {
            noise(indent: below(8))
            let inner = below(2) == 0 ? flowScalar() : brackets(depth: depth + 1)
            lines.append("\(spaces)\(isList ? "" : "f\(number): ")\(inner),\(comment())")
        }
        noise(indent: below(8))
        lines.append("\(spaces)\(isList ? "]" : "}")\(comment())")
    }

    private mutating func brackets(depth: Int) -> String {
        let isList = below(2) == 0
        var items: [String] = []
        for number in 0..<below(4) {
            let inner = depth < 4 && below(3) == 0 ? brackets(depth: depth + 1) : flowScalar()
            items.append(isList ? inner : "f\(number): \(inner)")
        }
        let text = items.joined(separator: pick([",", ", ", " , "]) == "," ? ", " : " ,  ")
        return isList ? "[\(text)]" : "{ \(text) }"
    }

    private mutating func scalar() -> String {
        below(4) == 0
            ? pick([
                "a b c", "a#b", "x:y", "'it''s'", "\"a\\tb\"", "'say \"x\"'", "GET /a/{b}/**", "-1",
                "\"# no comment\"", "'# none'", "ä ö", "\"\\u00e4\"", "a, b]", "''", "\"\"", "{}",
                "[]",
            ]) : flowScalar()
    }

    private mutating func flowScalar() -> String {
        below(3) == 0
            ? pick(["'quoted'", "\"double\"", "no", "\"no\"", "8MiB", "10.0.0.0/8", "'#x'", "a b"])
            : word()
    }

    private mutating func word() -> String {
        pick([
            "viewer", "editor", "claims.subject", "a-rather-long-word-that-takes-some-room-here",
            "x",
        ])
    }

    private mutating func comment() -> String {
        below(4) == 0
            ? "\(pick([" ", "     "]))#\(pick(["", " c", " {x: y}, 'z", "  two  words  "]))" : ""
    }

    private mutating func noise(indent: Int) {
        for _ in 0..<below(6) where below(3) == 0 {
            if below(2) == 0 {
                lines.append(below(4) == 0 ? "   " : "")
            } else {
                let column = below(4) == 0 ? below(12) : indent
                lines.append(String(repeating: " ", count: column) + "# n\(below(100))")
            }
        }
    }

    private mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }

    private mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }
}

extension RandomLayout: RandomNumberGenerator {
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
