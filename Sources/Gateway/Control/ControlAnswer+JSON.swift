package import StrictJSON

extension ControlAnswer {
    /// One line of JSON without its line feed.
    package var encoded: [UInt8] {
        let members: [JSONMember] =
            switch self {
            case .account(let account, let changed):
                [
                    JSONMember(name: "account", value: account.json),
                    JSONMember("changed", changed),
                ]
            case .accounts(let accounts):
                [JSONMember(name: "accounts", value: .array(accounts.map(\.json)))]
            case .failure(let failure):
                [JSONMember("failure", failure.code), JSONMember("message", failure.message)]
            }
        return JSONWriter.write(.object(members))
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
        if let account = fields.take("account") {
            self = .account(try AccountRecord(account), changed: try fields.flag("changed"))
        } else if let accounts = fields.take("accounts")?.array {
            var records: [AccountRecord] = []
            for account in accounts { records.append(try AccountRecord(account)) }
            self = .accounts(records)
        } else {
            self = .failure(
                ControlFailure(
                    code: try fields.text("failure"), message: try fields.text("message")))
        }
        try fields.finish()
    }

    /// The largest answer, in bytes: a page of accounts that each are as large as they can be.
    static let largest = 16 << 20
    private static let limits = JSONLimits(bytes: largest, depth: 4, elements: 65_536)
}

extension AccountRecord {
    /// The same members as in the API.
    package var json: JSONValue {
        .object([
            JSONMember("id", id), JSONMember("username", username), JSONMember("email", email),
            JSONMember("full_name", fullName), JSONMember("bio", bio),
            JSONMember("birth_date", birthDate), JSONMember("is_active", isActive),
            JSONMember("is_staff", isStaff), JSONMember("is_superuser", isSuperuser),
            JSONMember("groups", groups), JSONMember("permissions", permissions),
            JSONMember("roles", roles), JSONMember("created_at", createdAt),
            JSONMember("updated_at", updatedAt), JSONMember("last_login", lastSignIn),
        ])
    }

    package init(_ json: JSONValue) throws(ControlFormatError) {
        var fields = try JSONFields(json)
        id = try fields.text("id")
        username = try fields.text("username")
        email = try fields.text("email")
        fullName = try fields.text("full_name")
        bio = try fields.text("bio")
        birthDate = try fields.optionalText("birth_date")
        isActive = try fields.flag("is_active")
        isStaff = try fields.flag("is_staff")
        isSuperuser = try fields.flag("is_superuser")
        groups = try fields.texts("groups")
        permissions = try fields.texts("permissions")
        roles = try fields.texts("roles")
        createdAt = try fields.text("created_at")
        updatedAt = try fields.text("updated_at")
        lastSignIn = try fields.optionalText("last_login")
        try fields.finish()
    }
}
