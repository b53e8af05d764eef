import StrictJSON
import TokenIssuing

extension ControlRequest {
    /// One line of JSON without its line feed.
    package var encoded: [UInt8] {
        let version = JSONMember(name: "version", value: .number(JSONNumber(Self.version)))
        return JSONWriter.write(.object([version, JSONMember("operation", name)] + members))
    }

    /// Reads what `encoded` writes, and nothing else.
    package init(decoding line: Span<UInt8>) throws(ControlFormatError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(line, limits: Self.limits)
        } catch {
            throw ControlFormatError("it is not JSON: \(error)")
        }
        var fields = try JSONFields(value)
        guard fields.take("version")?.number?.integer == Self.version else {
            throw ControlFormatError(
                "it is of another version; let the server and the command be of the same")
        }
        let operation = try fields.text("operation")
        guard let request = try Self.read(operation, &fields) else {
            throw ControlFormatError("the operation `\(operation)` is unknown")
        }
        try fields.finish()
        self = request
    }

    private static let version: Int64 = 1
    private static let limits = JSONLimits(bytes: largest, depth: 3, elements: 4096)

    /// The operation's name, also for logs.
    package var name: String {
        switch self {
        case .create: "create"
        case .list: "list"
        case .show: "show"
        case .set: "set"
        case .setPassword: "set_password"
        case .setActive(_, true): "enable"
        case .setActive(_, false): "disable"
        case .grant: "grant"
        case .revoke: "revoke"
        }
    }

    private var members: [JSONMember] {
        switch self {
        case .create(let form): form.members
        case .list(let after, let limit):
            [
                JSONMember("after", after),
                JSONMember(name: "limit", value: .number(JSONNumber(Int64(limit)))),
            ]
        case .show(let account), .setActive(let account, _): [JSONMember("account", account)]
        case .set(let account, let changes): [JSONMember("account", account)] + changes.members
        case .setPassword(let account, let password):
            [JSONMember("account", account), JSONMember("password", password)]
        case .grant(let role, let account), .revoke(let role, let account):
            [JSONMember("role", role), JSONMember("account", account)]
        }
    }

    private static func read(
        _ operation: String, _ fields: inout JSONFields
    ) throws(ControlFormatError) -> ControlRequest? {
        switch operation {
        case "create": return .create(try AccountForm(&fields))
        case "list":
            let limit = try fields.number("limit")
            guard (1...longestPage).contains(limit) else { throw .wrongType("limit") }
            return .list(after: try fields.optionalText("after"), limit: limit)
        case "show": return .show(account: try fields.text("account"))
        case "set":
            return .set(account: try fields.text("account"), try AccountChanges(&fields))
        case "set_password":
            return .setPassword(
                account: try fields.text("account"), try fields.text("password"))
        case "enable": return .setActive(account: try fields.text("account"), true)
        case "disable": return .setActive(account: try fields.text("account"), false)
        case "grant":
            return .grant(role: try fields.text("role"), account: try fields.text("account"))
        case "revoke":
            return .revoke(role: try fields.text("role"), account: try fields.text("account"))
        default: return nil
        }
    }
}

extension AccountForm {
    fileprivate var members: [JSONMember] {
        [
            JSONMember("username", username), JSONMember("email", email),
            JSONMember("password", password), JSONMember("full_name", fullName),
            JSONMember("bio", bio), JSONMember("birth_date", birthDate),
            JSONMember("roles", roles), JSONMember("groups", groups),
            JSONMember("permissions", permissions), JSONMember("is_staff", isStaff),
            JSONMember("is_superuser", isSuperuser), JSONMember("is_active", isActive),
        ]
    }

    fileprivate init(_ fields: inout JSONFields) throws(ControlFormatError) {
        self.init(
            username: try fields.optionalText("username"),
            email: try fields.optionalText("email"),
            password: try fields.optionalText("password"),
            fullName: try fields.optionalText("full_name"),
            bio: try fields.optionalText("bio"),
            birthDate: try fields.optionalText("birth_date"),
            roles: try fields.texts("roles"), groups: try fields.texts("groups"),
            permissions: try fields.texts("permissions"), isStaff: try fields.flag("is_staff"),
            isSuperuser: try fields.flag("is_superuser"), isActive: try fields.flag("is_active"))
    }
}

extension AccountChanges {
    fileprivate var members: [JSONMember] {
        [
            FieldChange.member("username", profile.username), FieldChange.member("email", email),
            FieldChange.member("full_name", profile.fullName),
            FieldChange.member("bio", profile.bio),
            FieldChange.member("birth_date", profile.birthDate),
            isStaff.map { JSONMember("is_staff", $0) },
            isSuperuser.map { JSONMember("is_superuser", $0) },
            JSONMember("add_groups", groups.added), JSONMember("remove_groups", groups.removed),
            JSONMember("add_permissions", permissions.added),
            JSONMember("remove_permissions", permissions.removed),
        ].compactMap(\.self)
    }

    fileprivate init(_ fields: inout JSONFields) throws(ControlFormatError) {
        self.init(
            profile: ProfilePatch(
                username: try FieldChange("username", &fields),
                fullName: try FieldChange("full_name", &fields),
                bio: try FieldChange("bio", &fields),
                birthDate: try FieldChange("birth_date", &fields)),
            email: try FieldChange("email", &fields),
            isStaff: try fields.optionalFlag("is_staff"),
            isSuperuser: try fields.optionalFlag("is_superuser"),
            groups: NameEdit(
                added: try fields.texts("add_groups"), removed: try fields.texts("remove_groups")),
            permissions: NameEdit(
                added: try fields.texts("add_permissions"),
                removed: try fields.texts("remove_permissions")))
    }
}

extension FieldChange {
    /// Absent to keep a field, `null` to clear it.
    fileprivate static func member(_ name: String, _ change: FieldChange) -> JSONMember? {
        switch change {
        case .keep: nil
        case .clear: JSONMember(name: name, value: .null)
        case .set(let text): JSONMember(name: name, value: .string(text))
        }
    }

    fileprivate init(
        _ name: String, _ fields: inout JSONFields
    ) throws(ControlFormatError) {
        switch fields.take(name) {
        case nil: self = .keep
        case .null: self = .clear
        case .string(let text): self = .set(text)
        default: throw .wrongType(name)
        }
    }
}
