internal import Cryptography
internal import ReverseProxy
internal import StrictJSON
internal import TokenIssuing

extension JSONValue {
    /// An account as its own person sees it. Never with tokens.
    static func user(_ account: Account) -> JSONValue {
        .object([
            JSONMember(name: "id", value: .string(account.id.description)),
            JSONMember(name: "username", value: .string(account.profile.username.text)),
            JSONMember(name: "email", value: .string(account.profile.email.text)),
            JSONMember(name: "full_name", value: .string(account.profile.fullName)),
            JSONMember(name: "bio", value: .string(account.profile.bio)),
            JSONMember(
                name: "birth_date",
                value: account.profile.birthDate.map { .string($0.description) } ?? .null),
            JSONMember(name: "is_active", value: .bool(account.isActive)),
            JSONMember(name: "is_staff", value: .bool(account.isStaff)),
            JSONMember(name: "is_superuser", value: .bool(account.isSuperuser)),
            JSONMember(name: "groups", value: .array(account.groups.map(JSONValue.string))),
            JSONMember(
                name: "permissions", value: .array(account.permissions.map(JSONValue.string))),
            JSONMember(name: "roles", value: .array(account.roles.map(JSONValue.string))),
            JSONMember(name: "created_at", value: .time(account.createdAt)),
            JSONMember(name: "updated_at", value: .time(account.updatedAt)),
            JSONMember(
                name: "last_login", value: account.lastSignInAt.map(JSONValue.time) ?? .null),
        ])
    }

    private static func time(_ seconds: Int64) -> JSONValue {
        .string(LogTimestamp.text(unixSeconds: seconds))
    }
}
