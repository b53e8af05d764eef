/// A finished piece of JSON. Written by hand, so that the app needs nothing besides NIO.
struct JSONText: Sendable {
    let text: String

    static func string(_ value: String) -> JSONText {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return JSONText(text: text + "\"")
    }

    static func number(_ value: Int) -> JSONText { JSONText(text: "\(value)") }

    static func number(_ value: Tenths) -> JSONText { JSONText(text: "\(value)") }

    static let null = JSONText(text: "null")

    static func array(_ elements: [JSONText]) -> JSONText {
        JSONText(text: "[" + elements.map(\.text).joined(separator: ",") + "]")
    }

    static func object(_ members: [(String, JSONText)]) -> JSONText {
        let parts = members.map { "\(string($0.0).text):\($0.1.text)" }
        return JSONText(text: "{" + parts.joined(separator: ",") + "}")
    }
}

extension WeatherDay {
    var json: JSONText {
        .object([
            ("date", .string("\(date)")), ("precipitation", .number(precipitation)),
            ("temp_max", .number(high)), ("temp_min", .number(low)), ("wind", .number(wind)),
            ("weather", .string(type.rawValue)),
        ])
    }
}

extension MonthSummary {
    var json: JSONText {
        .object([
            ("year", .number(year)), ("month", .number(month)), ("days", .number(days)),
            ("precipitation", .number(precipitation)), ("wet_days", .number(wetDays)),
            ("temp_highest", .number(highest)), ("temp_lowest", .number(lowest)),
            ("temp_max_mean", .number(meanHigh)), ("temp_min_mean", .number(meanLow)),
            ("wind_mean", .number(meanWind)),
            (
                "weather",
                .object(WeatherType.allCases.map { ($0.rawValue, .number(types[$0] ?? 0)) })
            ),
        ])
    }
}
