/// The parameters of a query string, decoded once, each at most once.
package struct Query: Sendable {
    private var values: [(name: String, value: String)] = []

    /// Reads `a=1&b=2` with percent-encoding and `+` for a space.
    package init(_ text: Substring) throws(BadParameter) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]),
                let value = parts.count == 2 ? Self.decode(parts[1]) : ""
            else {
                throw BadParameter(name: nil, problem: "the query is not valid percent-encoding")
            }
            if self[name] != nil {
                throw BadParameter(name: name, problem: "`\(name)` is given twice")
            }
            values.append((name, value))
        }
    }

    package subscript(_ name: String) -> String? {
        values.first { $0.name == name }?.value
    }

    func allow(_ names: [String]) throws(BadParameter) {
        for (name, _) in values where !names.contains(name) {
            let known = names.isEmpty ? "there are none" : names.joined(separator: ", ")
            throw BadParameter(
                name: name, problem: "`\(name)` is not a parameter here; known: \(known)")
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(BadParameter) -> Int? {
        guard let text = self[name] else { return nil }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text),
            range.contains(value)
        else {
            throw BadParameter(
                name: name,
                problem:
                    "`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    func date(_ name: String) throws(BadParameter) -> CalendarDate? {
        guard let text = self[name] else { return nil }
        guard let date = CalendarDate(text[...]) else {
            throw BadParameter(
                name: name, problem: "`\(name)` must be a date such as 2012-01-31")
        }
        return date
    }

    func year(among years: [Int]) throws(BadParameter) -> Int? {
        guard let text = self["year"] else { return nil }
        guard let year = years.first(where: { "\($0)" == text }) else {
            let known = years.map(String.init).joined(separator: ", ")
            throw BadParameter(name: "year", problem: "`year` must be one of \(known)")
        }
        return year
    }

    func choice<Choice: RawRepresentable<String>>(
        _ name: String, among choices: [Choice]
    ) throws(BadParameter) -> Choice? {
        guard let text = self[name] else { return nil }
        guard let choice = choices.first(where: { $0.rawValue == text }) else {
            let known = choices.map(\.rawValue).joined(separator: ", ")
            throw BadParameter(name: name, problem: "`\(name)` must be one of \(known)")
        }
        return choice
    }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit
                else { return nil }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// A parameter that the caller has to change.
package struct BadParameter: Error, Equatable {
    package let name: String?
    package let problem: String
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit.
    var hexDigit: UInt8? {
        switch self {
        case 48...57: self - 48
        case 65...70: self - 55
        case 97...102: self - 87
        default: nil
        }
    }
}
