import AccessPolicy
import StrictJSON

/// The tests beside a policy.
enum TestSchema {
    static let root = Schema.object([
        "as": Schema.map("^(?!anonymous$)[^\\x00-\\x1F]+$", to: .reference("claims")).described(
            "People by name, each with the claims of a token; iss names an issuer of the policy."),
        "cases": Schema.list(testCase, atLeast: 0).described(
            "Requests, and what is to become of them."),
        "matrix": Schema.object(
            [
                "roles": Schema.any([.text, .list(.text, atLeast: 0)]).described(
                    "anonymous, and roles of the policy; all of them by default."),
                "golden": anyText.described("The file that holds the table."),
            ], required: ["golden"]
        ).described("The whole table of roles and routes, compared with a file."),
    ]).adding(
        "anyOf",
        .array(["cases", "matrix"].map { Schema().adding("required", Schema.names([$0])).json }))

    static let definitions: KeyValuePairs<String, Schema> = [
        // The one place where any key may stand: claims have names of their own.
        "claims": Schema.type("object").described("The claims of a token.")
    ]

    private static let testCase: Schema = {
        let methods = Method.allCases.map(\.name)
        let requests = methods.map { method in
            Schema().adding("required", Schema.names([method])).json
        }
        var properties: [JSONMember] = [
            member("as", Schema.text.described("A person of `as`, or anonymous."))
        ]
        for method in methods {
            properties.append(
                member(method, anyText.described("The path, with its query.")))
        }
        properties += [
            member("expect", expectation),
            member("reason", Schema.text.described("The reason code of the refusal.")),
            member("route", Schema.text.described("The route that must decide.")),
            member(
                "upstream_headers",
                Schema.map(SchemaPatterns.anyKey, to: .type("string", "number")).described(
                    "Headers that the app must be told.")),
            member("host", anyText.described("The host of the request.")),
            member(
                "ip",
                Schema.pattern(SchemaPatterns.address).described("The address of the client.")),
            member(
                "at", Schema.pattern(SchemaPatterns.instant).described("The time of the request.")),
            member("name", anyText.described("What reports call the case.")),
        ]
        return Schema.type("object").adding("required", Schema.names(["as", "expect"]))
            .adding("properties", .object(properties))
            .adding("additionalProperties", Schema.never)
            .adding("oneOf", .array(requests))
    }()

    private static let anyText = Schema.type("string", "number")

    private static let expectation = Schema.any([
        .choice(["allow", "deny"]), .integer(400...599), .pattern("^[45][0-9][0-9]$"),
    ]).described("allow, deny, or the status of the refusal.")

    private static func member(_ name: String, _ schema: Schema) -> JSONMember {
        JSONMember(name: name, value: schema.json)
    }
}
