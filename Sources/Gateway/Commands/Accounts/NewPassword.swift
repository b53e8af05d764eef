private import Cryptography

/// Where a command takes a new password from; never from its arguments, which other users can see.
package enum NewPassword: Sendable, Equatable {
    /// Asks whoever sits at the terminal, twice.
    case asked
    case standardInput
    case file(String)
    /// One that nobody has to invent; it is shown once.
    case generated

    /// - Parameters:
    ///   - account: whose it is to be, for the question.
    ///   - minimum: characters; whoever is asked hears of it before typing it twice.
    /// - Returns: the password exactly as it was given, without the line's end.
    /// - Throws: `CommandFailure`: nothing or too much is there, or nobody can be asked.
    package func read(
        for account: String, minimum: Int
    ) throws(CommandFailure) -> String {
        switch self {
        case .asked: try PasswordPrompt(account: account, minimum: minimum).ask()
        case .standardInput:
            try Self.line("standard input") { () throws(FileProblem) in
                try FileContents.read(descriptor: 0, limit: Self.longestFile)
            }
        case .file(let path):
            try Self.line("the password file `\(path)`") { () throws(FileProblem) in
                try FileContents.read(path, limit: Self.longestFile)
            }
        case .generated: Self.generate(minimum)
        }
    }

    private static func line(
        _ source: String, _ read: () throws(FileProblem) -> [UInt8]
    ) throws(CommandFailure) -> String {
        var bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try read()
        } catch {
            throw CommandFailure("cannot read \(source): \(error)")
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw CommandFailure("there is no password in \(source)") }
        guard !bytes.contains(UInt8(ascii: "\n")) else {
            throw CommandFailure(
                "there is more than one line in \(source); write only the password")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("the password in \(source) is not UTF-8")
        }
        return text
    }

    /// Groups of five characters that are not mistaken for one another, 25 bits each: 125 bits, or
    /// more where more characters are asked for.
    private static func generate(_ minimum: Int) -> String {
        let groups = max(5, (minimum + 6) / 6)
        return (0..<groups).map { _ in
            SecureRandom.bytes(5).map { String(alphabet[Int($0 & 31)]) }.joined()
        }.joined(separator: "-")
    }

    /// 32 digits: without i, l, o and u (Crockford's base 32).
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    private static let longestFile = 64 * 1024
}
