import AccessPolicy

/// The forms of texts, as regular expressions that mean the same in ECMAScript and elsewhere.
enum SchemaPatterns {
    /// Names of issuers, claims, routes.
    static let word = "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"
    /// Visible ASCII without `"`, `,`, `;` and `\`.
    static let role = #"^[!#-+\--:<-\[\]-~]{1,64}$"#
    static let anyKey = "^[^\\x00-\\x1F]+$"
    static let duration = "^[0-9]{1,13}(ms|s|m|h|d)$"
    static let size = "^[0-9]{1,15}(B|KiB|MiB|GiB|kB|KB|MB|GB)?$"
    static let rate = "^([1-9][0-9]{0,5}|1000000)/[smh]$"
    static let header = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$"
    static let clock = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
    static let zone = "^(UTC|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)$"
    static let moment =
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        + "(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-][0-9]{2}:[0-9]{2}))?$"
    /// With a time of the day and a zone.
    static let instant =
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        + "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
    static let host =
        #"^((\*\.)?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?|\[[0-9A-Fa-f:.]{3,}\])$"#
    static let origin = #"^[a-z0-9+.-]+://([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?$"#
    static let message = #"^[^\x00-\x1F\x7F]{1,200}$"#
    static let address = "^[0-9A-Fa-f.:]+$"

    /// Methods, one space, and a pattern of paths.
    static let match: String = {
        let method = "(\(Method.allCases.map(\.name).joined(separator: "|")))"
        let literal = #"[A-Za-z0-9._~!$&'()+,;=:@%-]+"#
        let variable = #"\{[A-Za-z_][A-Za-z0-9_]{0,63}(:(int|uuid|slug|hex|date))?\}"#
        let segment = #"(\*|\*\#(literal)|\#(variable)|\#(literal))"#
        return #"^(ANY|\#(method)(\|\#(method))*) (/\#(segment))*(/|/\*\*|/\#(segment))$"#
    }()
}
