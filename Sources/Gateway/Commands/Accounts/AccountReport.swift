import StrictJSON

/// Accounts for people and for programs.
enum AccountReport {
    /// One line for each account below a line of headings; one sentence where there is none.
    static func table(_ accounts: [AccountRecord]) -> [String] {
        guard !accounts.isEmpty else {
            return ["no account yet; make one with `ostiary user create`"]
        }
        let rows =
            [["USERNAME", "E-MAIL", "ROLES", "STATUS", "LAST SIGN-IN"]] + accounts.map(cells)
        let widths = (0..<rows[0].count).map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            var line = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private static func cells(_ account: AccountRecord) -> [String] {
        [
            Printable.text(account.username), Printable.text(account.email),
            list(account.roles), status(account), account.lastSignIn ?? "never",
        ]
    }

    /// One line for each field, with its name.
    static func lines(_ account: AccountRecord) -> [String] {
        [
            ("id", account.id), ("username", Printable.text(account.username)),
            ("e-mail", Printable.text(account.email)),
            ("full name", account.fullName.isEmpty ? "-" : Printable.text(account.fullName)),
            ("bio", account.bio.isEmpty ? "-" : Printable.text(account.bio)),
            ("birth date", account.birthDate ?? "-"), ("status", status(account)),
            ("roles", list(account.roles)), ("groups", list(account.groups)),
            ("permissions", list(account.permissions)), ("created", account.createdAt),
            ("updated", account.updatedAt), ("last sign-in", account.lastSignIn ?? "never"),
        ].map { name, value in
            name + String(repeating: " ", count: 14 - name.count) + value
        }
    }

    static func json(_ accounts: [AccountRecord]) -> [String] {
        JSONPrinter.lines(.array(accounts.map(\.json)))
    }

    static func json(_ account: AccountRecord) -> [String] { JSONPrinter.lines(account.json) }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "-" : names.map(Printable.text).joined(separator: ", ")
    }

    private static func status(_ account: AccountRecord) -> String {
        var words = [account.isActive ? "active" : "disabled"]
        if account.isStaff { words.append("staff") }
        if account.isSuperuser { words.append("superuser") }
        return words.joined(separator: ", ")
    }
}
