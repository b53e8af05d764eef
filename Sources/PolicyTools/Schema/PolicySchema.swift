package import StrictJSON

/// The JSON Schemas (draft 2020-12) of policy files and of the tests beside them.
///
/// They say what the shape of a file says: keys, types, forms of names and amounts. Whether names are
/// declared and rules make sense together only `policy check` knows.
package enum PolicySchema {
    /// The text of `policies/policy.schema.json`.
    package static let json = text(policy)
    /// The text of `policies/policy-test.schema.json`.
    package static let testsJSON = text(tests)

    package static let policy: JSONValue = document(
        title: "Ostiary policy",
        Schema.object(
            [
                "version": Schema.constant(.number(JSONNumber(1))).described(
                    "The version of this language."),
                "tests": Schema.choice(["required", "optional"]).described(
                    "Whether a policy whose tests fail, or that has none, may be loaded."),
                "hosts": Schema.oneOrMore(.textPattern(SchemaPatterns.host)).described(
                    "Hosts to answer for; others get 421. Any host by default."
                ).examples("app.test", "*.app.test"),
                "issuers": IdentitySchema.issuers, "claims": IdentitySchema.claims,
                "roles": IdentitySchema.roles, "deny": deny, "defaults": RouteSchema.defaults,
                "routes": RouteSchema.routes, "upstreams": upstreams,
            ], required: ["version", "routes"]),
        Array(RouteSchema.definitions) + Array(ConditionSchema.definitions))

    package static let tests: JSONValue = document(
        title: "Tests of an Ostiary policy", TestSchema.root, Array(TestSchema.definitions))

    private static let deny = Schema.list(
        .object(
            [
                "id": Schema.pattern(SchemaPatterns.word).described(
                    "The reason is deny.<id> in logs and tests."),
                "when": .reference("condition"),
                "message": Schema.textPattern(SchemaPatterns.message).described(
                    "What the client is told."),
            ], required: ["id", "when"]), atLeast: 0
    ).described("Who is refused on every route that is not public, whatever routes allow.")

    private static let upstreams = Schema.map(
        SchemaPatterns.word,
        to: .object([
            "profile": Schema.choice([
                "dash", "streamlit", "bokeh", "grafana", "jupyter", "marimo", "gradio", "django",
            ]).described("What kind of app it is: `policy check` knows its WebSocket paths."),
            "slashes": Schema.choice(["merge", "reject"]).described(
                "Several slashes in a row: forward one, or refuse (the default)."),
            "dots": Schema.choice(["resolve", "reject"]).described(
                "Segments . and ..: forward the path without them, or refuse (the default)."),
        ]), atLeast: 1
    ).adding("maxProperties", .number(JSONNumber(1))).described(
        "The app; its address stands in ostiary.yaml.")

    private static func document(
        title: String, _ root: Schema, _ definitions: [(key: String, value: Schema)]
    ) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember(
                name: "$schema", value: .string("https://json-schema.org/draft/2020-12/schema")),
            JSONMember(name: "title", value: .string(title)),
        ]
        members += root.members
        members.append(
            JSONMember(
                name: "$defs",
                value: .object(definitions.map { JSONMember(name: $0.key, value: $0.value.json) })))
        return .object(members)
    }

    private static func text(_ schema: JSONValue) -> String {
        JSONPrinter.lines(schema).joined(separator: "\n") + "\n"
    }
}
