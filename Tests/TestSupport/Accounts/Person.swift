/// Somebody with an account, whose name and password nobody else of the test run has.
package struct Person: Sendable, Equatable {
    package let username: String
    package let email: String
    package var password: String
    package let fullName: String

    /// A new person; `name` is the beginning of the user name.
    package init(_ name: String = "user") {
        let number = String(UInt64.random(in: 0 ... .max), radix: 36)
        username = "\(name)-\(number)"
        email = "\(name)-\(number)@people.test"
        password = Person.newPassword()
        fullName = "\(name) the \(number)"
    }

    /// 24 random letters and digits behind a word that no other text of a test holds.
    package static func newPassword() -> String {
        let alphabet = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        return "Pw-" + String((0..<24).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    /// The body of a registration.
    package var registration: String {
        #"{"email":"\#(email)","username":"\#(username)","password":"\#(password)","#
            + #""full_name":"\#(fullName)"}"#
    }
}
