/// A route as a matcher sees it that looks at every route, segment by segment, and compares ranks.
struct ReferenceRoute {
    let id: String
    let match: String
    let host: String?
    private let methods: [String]
    private let pattern: [String]

    init(id: String, match: String, host: String? = nil) {
        self.id = id
        self.match = match
        self.host = host
        let parts = match.split(separator: " ")
        methods = parts[0].split(separator: "|").map(String.init)
        pattern = parts[1].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// As a line of a policy.
    var text: String {
        "{id: \(id), match: \"\(match)\"" + (host.map { ", host: \"\($0)\"" } ?? "")
            + ", path: {encoded_slash: keep, encoded_percent: keep, encoded_semicolon: keep}}"
    }

    /// Two patterns of one spelling match the same paths as sent.
    var spelling: [String] { pattern.map { $0.hasPrefix("{") ? "{" : $0 } }

    /// The numbers of the segments that variables stand for.
    var bindings: [Int] { pattern.indices.filter { pattern[$0].hasPrefix("{") } }

    /// What makes it better than others, best first, by method last; nil where it does not match.
    /// `segments` are decoded; the last one is empty for a slash at the end.
    func rank(_ method: String, _ host: String, _ segments: [[UInt8]]) -> Rank? {
        guard let methodRank = methodRank(method), let hostRank = hostRank(host),
            let path = Self.rank(pattern[...], segments[...], ignoresCase: false)
        else { return nil }
        return Rank(place: hostRank + path, method: methodRank)
    }

    /// The same for the folded view.
    func foldedRank(_ method: String, _ host: String, _ segments: [[UInt8]]) -> Rank? {
        guard let methodRank = methodRank(method), let hostRank = hostRank(host) else { return nil }
        var folded = pattern
        if folded.last == "" { folded.removeLast() }
        guard let path = Self.rank(folded[...], segments[...], ignoresCase: true) else {
            return nil
        }
        return Rank(place: hostRank + path, method: methodRank)
    }

    struct Rank: Comparable {
        let place: [Int]
        let method: Int

        static func < (left: Rank, right: Rank) -> Bool {
            left.place == right.place
                ? left.method < right.method : left.place.lexicographicallyPrecedes(right.place)
        }
    }

    private func methodRank(_ method: String) -> Int? {
        if methods.contains(method) { return 0 }
        if methods.contains("GET"), method == "HEAD" { return 0 }
        if methods.contains("GET"), method == "WEBSOCKET" { return 1 }
        return methods == ["ANY"] ? 2 : nil
    }

    private func hostRank(_ name: String) -> [Int]? {
        guard let host else { return [2, 0] }
        guard host.hasPrefix("*") else { return host == name ? [0, 0] : nil }
        let suffix = host.dropFirst()
        return name.hasSuffix(suffix) && name.count > suffix.count ? [1, -suffix.count] : nil
    }

    private static func rank(
        _ pattern: ArraySlice<String>, _ path: ArraySlice<[UInt8]>, ignoresCase: Bool
    ) -> [Int]? {
        guard let first = pattern.first else { return path.isEmpty ? [-1, 0] : nil }
        if first == "**" { return [9, 0] }
        guard let segment = path.first else { return nil }
        guard let own = rank(first, segment, ignoresCase: ignoresCase) else { return nil }
        return rank(pattern.dropFirst(), path.dropFirst(), ignoresCase: ignoresCase)
            .map { own + $0 }
    }

    private static func rank(_ part: String, _ segment: [UInt8], ignoresCase: Bool) -> [Int]? {
        if part.isEmpty { return segment.isEmpty ? [0, 0] : nil }
        guard !segment.isEmpty else { return nil }
        if part == "*" { return [4, 0] }
        if part.hasPrefix("{") {
            let parts = part.dropFirst().dropLast().split(separator: ":")
            guard parts.count == 2 else { return [3, 0] }
            return isOfType(String(parts[1]), String(decoding: segment, as: UTF8.self))
                ? [2, 0] : nil
        }
        let text = ignoresCase ? NaiveFolding.lowercased(segment) : segment
        func folded(_ literal: String) -> [UInt8] {
            guard ignoresCase else { return Array(literal.utf8) }
            return NaiveFolding.lowercased(
                Array(literal.prefix { $0 != ";" }.utf8.reversed().drop { $0 == 0x2E }.reversed()))
        }
        guard part.hasPrefix("*") else { return text == folded(part) ? [0, 0] : nil }
        let suffix = folded(String(part.dropFirst()))
        return text.count > suffix.count && text.suffix(suffix.count) == suffix[...]
            ? [1, -suffix.count] : nil
    }

    private static func isOfType(_ type: String, _ text: String) -> Bool {
        func isHex(_ text: some StringProtocol) -> Bool {
            !text.isEmpty && text.allSatisfy { "0123456789abcdefABCDEF".contains($0) }
        }
        func isNumber(_ text: some StringProtocol) -> Bool {
            !text.isEmpty && text.allSatisfy { "0123456789".contains($0) }
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        switch type {
        case "int": return isNumber(text) && text.count < 19
        case "hex": return isHex(text)
        case "uuid": return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy(isHex)
        case "date":
            guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy(isNumber),
                let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
            else { return false }
            let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            return (1...12).contains(month) && day >= 1 && day <= days[month - 1]
        default:
            return text.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
            }
        }
    }
}
