import AccessPolicy
import StrictJSON

/// The closed set of conditions.
enum ConditionSchema {
    static let definitions: KeyValuePairs<String, Schema> = [
        "condition": condition, "operand": operand, "value": value, "time": time,
    ]

    private static let condition = Schema.object([
        "role": Schema.text.described(
            "Has this role, or one that includes it. Several: any: [{role: a}, {role: b}]."),
        "claim": Schema.map(SchemaPatterns.anyKey, to: .oneOrMore(.reference("value")), atLeast: 1)
            .described("Each claim has the value, or one of the values: {status: active}."),
        "equal": pair("Two things are equal: [path.user, claims.subject]."),
        "contains": pair("A list holds something: [claims.departments, path.dept]."),
        "in": Schema.type("array")
            .adding(
                "prefixItems",
                .array([
                    Schema.reference("operand").json, Schema.list(.reference("value")).json,
                ])
            ).adding("items", Schema.never).adding("minItems", .number(JSONNumber(2)))
            .described(
                "One of several values; for client.ip, of addresses and networks: "
                    + "[client.ip, [10.0.0.0/8]]."),
        "scope": Schema.oneOrMore(.text).described(
            "The token has the scope, or all of the scopes."),
        "method": Schema.oneOrMore(.choice(Method.allCases.map(\.name)))
            .described("The request has the method, or one of the methods."),
        "acr": Schema.oneOrMore(.text).described(
            "Signed in with this assurance (claim acr), or one of these; else step_up."),
        "auth_age": Schema.reference("duration").described(
            "Signed in no longer ago than this (claim auth_time); else step_up."),
        "time": Schema.reference("time"),
        "authenticated": Schema.constant(.bool(true)).described("Has a verified token."),
        "anyone": Schema.constant(.bool(true)).described(
            "Everybody, on a route with auth: optional also without a token."),
        "all": Schema.list(.reference("condition")).described("All of these hold."),
        "any": Schema.list(.reference("condition")).described("One of these holds."),
        "not": Schema.reference("condition").described(
            "This does not hold. What is about a person is false for strangers either way."),
    ]).adding("minProperties", .number(JSONNumber(1)))
        .adding("maxProperties", .number(JSONNumber(1)))
        .described("A condition: a mapping with exactly one key.")

    private static let operand = Schema.type("string", "number", "boolean").described(
        "path.x (a variable of the route's pattern), claims.x, query.x, client.ip, or a value.")

    private static let value = Schema.type("string", "number", "boolean")
        .described("A single value.")

    private static let time = Schema.object([
        "days": Schema.oneOrMore(.choice(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])),
        "from": Schema.pattern(SchemaPatterns.clock).described(
            "Time of the day, such as \"08:00\"."),
        "to": Schema.pattern(SchemaPatterns.clock).described(
            "Time of the day that is no longer part of it; before `from`: the next day."),
        "zone": Schema.pattern(SchemaPatterns.zone).described(
            "UTC (the default), or a fixed distance such as \"+01:00\"."),
        "after": Schema.pattern(SchemaPatterns.moment).described(
            "From this moment on: 2026-01-31 or 2026-01-31T08:00:00Z."),
        "before": Schema.pattern(SchemaPatterns.moment).described("Until this moment."),
    ]).adding(
        "anyOf",
        .array(
            ["days", "from", "to", "after", "before"].map {
                Schema().adding("required", Schema.names([$0])).json
            })
    ).described("A window of time.")

    private static func pair(_ description: String) -> Schema {
        Schema.list(.reference("operand"), atLeast: 2).adding("maxItems", .number(JSONNumber(2)))
            .described(description)
    }
}
