import TextFolding

/// The name that an account is shown by: kept as typed, unique by its folded form.
package struct Username: Sendable, Equatable {
    package let text: String
    package let folded: String

    /// For a name that was checked before it was stored.
    package init(stored text: String, folded: String) {
        self.text = text
        self.folded = folded
    }
}

/// The address that an account is reached at; kept as typed, unique by its folded form.
package struct EmailAddress: Sendable, Equatable {
    package let text: String
    package let folded: String

    /// For an address that was checked before it was stored.
    package init(stored text: String, folded: String) {
        self.text = text
        self.folded = folded
    }
}

/// What somebody signs in with: an address if it holds an `@`, otherwise a user name.
package enum SignInName: Sendable, Equatable {
    case username(folded: String)
    case email(folded: String)

    package init(_ text: String) {
        let folded = CaseFolding.fold(text)
        self =
            text.utf8.contains(UInt8(ascii: "@"))
            ? .email(folded: folded) : .username(folded: folded)
    }
}
