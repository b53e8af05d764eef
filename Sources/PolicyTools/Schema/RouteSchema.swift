import AccessPolicy
import StrictJSON

/// `routes`, and what `defaults` says for all of them.
enum RouteSchema {
    static let definitions: KeyValuePairs<String, Schema> = [
        "duration": Schema.pattern(SchemaPatterns.duration).examples("500ms", "10s", "2m", "24h"),
        "size": Schema.any([
            Schema.integer(0...(1 << 40)), .pattern(SchemaPatterns.size),
        ]).examples("16KiB", "32MiB"),
        "rate": rate, "rateRule": rateRule,
    ]

    static let defaults = Schema.object([
        "auth": auth,
        "timeouts": Schema.object([
            "connect": Schema.reference("duration").described("For a connection to the app."),
            "response_header": responseHeader, "idle": idle,
        ]),
        "limits": Schema.object([
            "body": body,
            "headers": Schema.reference("size").described("Of a request's header section."),
            "header_count": Schema.integer(10...10_000).described("Fields of a request."),
            "target": Schema.reference("size").described("Of the request's path and query."),
        ]),
        "rate": .reference("rate"),
        "identity": Schema.object([
            "headers": Schema.map(SchemaPatterns.header, to: .text).described(
                "What the app is told: header: claim. The headers are removed from every request first."
            ),
            "assertion": assertion, "authorization": authorization,
        ]),
    ]).described("What holds for every route that does not say otherwise.")

    static let routes = Schema.list(route, atLeast: 0).described(
        "Who may do what. The most specific route decides; their order means nothing. What no route "
            + "allows is refused.")

    private static let route = Schema.object(
        [
            "id": Schema.pattern(SchemaPatterns.word).described("The name of the route in logs."),
            "match": Schema.pattern(SchemaPatterns.match).described(
                "METHODS /pattern. Methods joined by |, or ANY, or WEBSOCKET; segments are text, "
                    + "{name}, {name:int|uuid|slug|hex|date}, *, *.png, and ** at the end."
            ).examples("GET /**", "POST|PUT /api/{item:int}", "ANY /admin/**"),
            "host": Schema.oneOrMore(.textPattern(SchemaPatterns.host)).described(
                "Only for requests to this host, or these."),
            "auth": auth,
            "allow": Schema.reference("condition").described(
                "Who may pass; without it nobody may, except on a public route."),
            "hide": Schema.flag.described("Answer 404 instead of 403 to whoever may not."),
            "limits": .object(["body": body]),
            "timeouts": .object(["response_header": responseHeader, "idle": idle]),
            "rate": .reference("rate"),
            "cors": cors, "websocket": webSocket, "path": escapes, "query": query,
            "identity": .object(["authorization": authorization]),
        ], required: ["id", "match"]
    )
    .adding(
        "if",
        Schema().adding("required", Schema.names(["auth"])).adding(
            "properties", Schema.members(["auth": .constant(.string("public"))])
        ).json
    )
    .adding(
        "then",
        Schema().adding(
            "properties",
            .object(["allow", "query"].map { JSONMember(name: $0, value: Schema.never) })
        ).json)

    private static let auth = Schema.choice(["public", "optional", "required"]).described(
        "public reads no credential; optional lets strangers in without one; required (the default) "
            + "wants a verified token.")
    private static let body = Schema.reference("size").described("Of a request's body.")
    private static let responseHeader = Schema.reference("duration").described(
        "Until the app begins its answer.")
    private static let idle = Schema.reference("duration").described(
        "Without a byte in either direction.")
    private static let authorization = Schema.choice(["strip", "forward"]).described(
        "Whether the app sees the verified token; strip is the default.")

    private static let assertion = Schema.object([
        "header": Schema.pattern(SchemaPatterns.header).described(
            "The header that carries it; X-Ostiary-Assertion by default."),
        "ttl": Schema.reference("duration").described(
            "How long it is good: whole seconds from 5s to 10m; 60s by default."),
        "claims": Schema.any([.text, .list(.text, atLeast: 0)]).described(
            "What it says besides sub: claims of the policy, and roles; [roles] by default."),
        "bind": Schema.any([binding, .list(binding, atLeast: 0)]).described(
            "What of the request it is good for alone; each request is signed then."),
    ]).described(
        "A signed statement of who asks, which the app can check; {} for one with all defaults.")

    private static let binding = Schema.choice(AssertionRule.Binding.allCases.map(\.rawValue))

    private static let rate = Schema.any([
        .constant(.string("none")), .reference("rateRule"), .list(.reference("rateRule")),
    ]).described("How often; none is the default.")

    private static let rateRule = Schema.object(
        [
            "per": .choice(["subject", "address", "route"]),
            "limit": Schema.pattern(SchemaPatterns.rate).examples("20/s", "600/m", "1000/h"),
            "burst": Schema.integer(1...1_000_000).described(
                "At once; as many as `limit` by default."),
        ], required: ["per", "limit"])

    private static let cors = Schema.object(
        [
            "origins": Schema.oneOrMore(.any([.constant(.string("*")), origin])).described(
                "Pages that may call the app, or \"*\" without credentials."),
            "methods": Schema.oneOrMore(.choice(Method.ofRequests.map(\.name))).described(
                "By default those of all routes of the path."),
            "headers": fields.described("Request fields that pages may set."),
            "expose": fields.described("Response fields that pages may read."),
            "credentials": Schema.flag.described("Whether cookies and tokens go along."),
            "max_age": Schema.reference("duration").described(
                "How long a browser keeps the answer: whole seconds up to 24h."),
        ], required: ["origins"]
    ).described("Pages of other origins that may use this route.")

    private static let origin = Schema.pattern(SchemaPatterns.origin)
    private static let fields = Schema.any([
        .textPattern(SchemaPatterns.header), .list(.textPattern(SchemaPatterns.header), atLeast: 0),
    ])

    private static let webSocket = Schema.object([
        "origins": Schema.any([.constant(.string("same_host")), .oneOrMore(origin)]).described(
            "Pages that may connect."),
        "max_age": Schema.any([.constant(.string("token")), .reference("duration")]).described(
            "How long a connection may live: as its token (the default), or a time."),
        "idle": idle,
        "on_expiry": Schema.choice(["close", "keep"]).described(
            "What happens when the token expires."),
    ]).described("Only on routes with WEBSOCKET.")

    private static let escapes = Schema.object([
        "encoded_slash": escape("%2F"), "encoded_backslash": escape("%5C"),
        "encoded_percent": escape("%25"), "encoded_semicolon": escape("%3B"),
        "encoded_hash": escape("%23"), "encoded_question": escape("%3F"),
    ]).described("Escapes that a path may hold; each is refused unless kept.")

    private static func escape(_ text: String) -> Schema {
        Schema.choice(["keep", "reject"]).described("\(text) in a path.")
    }

    private static let query = Schema.map(
        SchemaPatterns.word,
        to: .object(
            [
                "type": .choice(["string", "integer", "boolean"]),
                "default": .type("string", "number", "boolean"),
            ], required: ["type"]), atLeast: 1
    ).adding("maxProperties", .number(JSONNumber(16))).described(
        "Parameters of the query that the conditions of this route name as query.x.")
}
