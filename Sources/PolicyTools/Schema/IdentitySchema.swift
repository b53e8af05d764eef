import AccessPolicy
import StrictJSON

/// Whose tokens are accepted, and what they say about a person: `issuers`, `claims`, `roles`.
enum IdentitySchema {
    static let issuers = Schema.map(SchemaPatterns.word, to: issuer).described(
        "Whose tokens are accepted, each under a name of your choice. Where their keys are is a "
            + "matter of ostiary.yaml.")

    static let claims = Schema.type("object").adding(
        "properties",
        Schema.members([
            "subject": source(["from": paths], "Who it is: always required; from sub by default."),
            "roles": source(["from": paths], "Where roles stand; from roles by default."),
            "username": claim(["from": paths, "default": anyText, "required": .flag], "A name."),
            "email": claim(
                [
                    "from": paths,
                    "when_verified": Schema.text.described(
                        "The address counts only while this claim is true."),
                    "default": anyText, "required": .flag,
                ], "An address."),
        ])
    ).adding(
        "patternProperties",
        .object([
            JSONMember(
                name: "^(?!(subject|roles|username|email)$)[A-Za-z_][A-Za-z0-9_-]{0,63}$",
                value: declared.json)
        ])
    ).adding("additionalProperties", Schema.never).described(
        "What conditions and headers may name. Each claim is required or has a default; "
            + "`name: path` is short for {from: path, required: true}.")

    static let roles = Schema.map(
        SchemaPatterns.role,
        to: .object(["includes": roleList.described("Roles whose rights this one has too.")])
    ).adding("maxProperties", .number(JSONNumber(256))).described(
        "The roles, each {} or {includes: [others]}. A token's role that is not declared grants nothing."
    )

    private static let roleList = Schema.any([.text, .list(.text, atLeast: 0)])
    private static let anyText = Schema.type("string", "number")
    private static let paths = Schema.oneOrMore(.text).described(
        "A claim, or claims of which the first that is there counts; a dot leads into an object: "
            + "realm_access.roles.")

    private static func source(
        _ keys: KeyValuePairs<String, Schema>, _ description: String
    ) -> Schema {
        Schema.any([.text, .object(keys)]).described(description)
    }

    /// With a default, or `required: true`, and not with both.
    private static func claim(
        _ keys: KeyValuePairs<String, Schema>, _ description: String
    ) -> Schema {
        let isRequired = Schema().adding("required", Schema.names(["required"])).adding(
            "properties",
            .object([
                JSONMember(name: "required", value: Schema.constant(.bool(true)).json),
                JSONMember(name: "default", value: Schema.never),
            ]))
        let hasDefault = Schema().adding("required", Schema.names(["default"])).adding(
            "properties", Schema.members(["required": .constant(.bool(false))]))
        return Schema.any([
            .text,
            Schema.object(keys).adding("anyOf", .array([isRequired.json, hasDefault.json])),
        ]).described(description)
    }

    private static let declared = claim(
        [
            "from": paths,
            "type": Schema().adding(
                "enum",
                .array([
                    .string("string"), .string("integer"), .string("boolean"),
                    .array([.string("string")]),
                ])
            ).described("string (the default), [string], integer or boolean."),
            "default": Schema.any([
                .type("string", "number", "boolean"), .list(.type("string", "number"), atLeast: 0),
            ]).described("The value where a token does not have the claim."),
            "required": Schema.flag.described("A token without the claim is refused."),
        ], "A claim of your own.")

    private static let embeddedKeys: KeyValuePairs<String, Schema> = [
        "embedded": Schema.flag.described("The issuer inside ostiary, with its own accounts."),
        "issuer": Schema.text.described("The iss of its tokens, byte for byte."),
        "audience": Schema.oneOrMore(.text).described("Tokens must be for one of these."),
        "algorithms": Schema.oneOrMore(.choice(PolicyIssuer.supportedAlgorithms)).described(
            "Accepted signatures; either with secrets (HS…) or with key pairs, never both."),
        "require": Schema.oneOrMore(.text).described("Claims that must be there."),
        "max_lifetime": Schema.reference("duration").described(
            "The longest time from iat to exp; 24h by default."),
        "leeway": Schema.reference("duration").described(
            "By how much clocks may differ, up to 5m; 30s by default."),
        "token_type": Schema.oneOrMore(.text).described("The typ of its tokens, such as at+jwt."),
        "allow_missing_kid": Schema.flag.described("Accept tokens that do not name their key."),
        "single_audience": Schema.flag.described("Refuse a list of audiences."),
        "subject_prefix": Schema.type("string", "number").described(
            "Put before each subject; needed as soon as there is more than one issuer."),
        "claims": Schema.map(SchemaPatterns.anyKey, to: mapping, atLeast: 1).described(
            "How this issuer writes claims, where it is not as `claims` says."),
    ]

    private static let issuer = Schema.object(embeddedKeys)
        .adding("if", isEmbedded.json)
        .adding(
            "then",
            Schema().adding(
                "properties",
                .object(
                    ["issuer", "require", "token_type"].map {
                        JSONMember(name: $0, value: Schema.never)
                    })
            ).json
        )
        .adding("else", Schema().adding("required", Schema.names(["issuer", "audience"])).json)

    private static let isEmbedded = Schema().adding("required", Schema.names(["embedded"])).adding(
        "properties", Schema.members(["embedded": .constant(.bool(true))]))

    private static let mapping = Schema.any([
        .text,
        Schema.object([
            "from": paths,
            "form": Schema.choice(["string", "list", "string_or_list", "space_separated"])
                .described("The JSON form of the claim."),
            "map": Schema.map(
                SchemaPatterns.anyKey,
                to: .any([.type("string", "number", "boolean"), .list(.type("string", "number"))]),
                atLeast: 1
            ).described("What each of the issuer's values stands for."),
            "unmapped": Schema.choice(["drop", "keep"]).described(
                "Values that `map` does not name."),
        ]).adding("minProperties", .number(JSONNumber(1))).adding(
            "dependentRequired",
            .object([JSONMember(name: "unmapped", value: Schema.names(["map"]))])),
    ])
}
