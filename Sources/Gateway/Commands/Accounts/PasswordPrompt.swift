private import Glibc

/// Asks for a new password at the terminal, without showing it.
struct PasswordPrompt {
    let account: String
    /// Characters.
    let minimum: Int

    /// Asks until the password is long enough and was typed twice the same.
    func ask() throws(CommandFailure) -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure(
                "there is no terminal to ask for the password; pass --password-stdin, "
                    + "--password-file or --generate-password", status: .usage)
        }
        while true {
            let question =
                "password for `\(Printable.text(account))`, at least \(minimum) characters: "
            let password = try line(question)
            guard password.unicodeScalars.count >= minimum else {
                StandardError.write("ostiary: it must have at least \(minimum) characters")
                continue
            }
            guard password.utf8.count <= 1024 else {
                StandardError.write("ostiary: it must have at most 1024 bytes")
                continue
            }
            if try line("again: ").utf8.elementsEqual(password.utf8) { return password }
            StandardError.write("ostiary: these were two different passwords; once more")
        }
    }

    private func line(_ question: String) throws(CommandFailure) -> String {
        let bytes: [UInt8]?
        do throws(FileProblem) {
            bytes = try SilentTerminal.line(after: question)
        } catch {
            throw CommandFailure("cannot read the terminal: \(error)")
        }
        guard let bytes else { throw CommandFailure("no password was given") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("the password is not UTF-8; check the terminal's encoding")
        }
        return text
    }
}

/// The terminal at standard input while it shows nothing of what is typed.
private enum SilentTerminal {
    /// INVARIANT (saved settings): written once, before the first handler that reads them is
    /// installed, and never again: handlers run on any thread, at any moment.
    nonisolated(unsafe) private static let saved: UnsafePointer<termios>? = {
        let settings = UnsafeMutablePointer<termios>.allocate(capacity: 1)
        unsafe settings.initialize(to: termios())
        guard unsafe tcgetattr(STDIN_FILENO, settings) == 0 else { return nil }
        return unsafe UnsafePointer(settings)
    }()

    /// Reads a line, without its end; nil at the end of the input.
    static func line(after question: String) throws(FileProblem) -> [UInt8]? {
        guard let saved = unsafe saved else { throw FileProblem(errno: errno) }
        let handlers = Handlers()
        defer { handlers.restore() }
        var silent = unsafe saved.pointee
        silent.c_lflag &= ~tcflag_t(ECHO)
        // The line feed is shown, so that what is written next begins a line.
        silent.c_lflag |= tcflag_t(ICANON | ECHONL | ISIG)
        guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
            throw FileProblem(errno: errno)
        }
        defer { unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, saved) }
        show(question)
        return try read()
    }

    private static func show(_ question: String) {
        let bytes = Array(question.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func read() throws(FileProblem) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            let count = unsafe Glibc.read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileProblem(errno: errno) }
            guard count > 0 else { return line.isEmpty ? nil : line }
            if byte == UInt8(ascii: "\n") { return line }
            line.append(byte)
        }
    }

    /// Signals that end the process, such as Ctrl-C's, make the terminal show what is typed again
    /// before they do.
    private struct Handlers {
        private let earlier: [(signal: Int32, action: sigaction)]

        init() {
            earlier = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map { signal in
                var action = sigaction()
                unsafe action.__sigaction_handler.sa_handler = { signal in
                    // Both are async-signal-safe (signal-safety(7)). SA_RESETHAND has put back
                    // what ends the process, which happens when this returns.
                    if let saved = unsafe SilentTerminal.saved {
                        unsafe tcsetattr(STDIN_FILENO, TCSANOW, saved)
                    }
                    raise(signal)
                }
                action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
                var old = sigaction()
                unsafe sigaction(signal, &action, &old)
                return (signal, old)
            }
        }

        func restore() {
            for (signal, action) in earlier {
                var action = action
                unsafe sigaction(signal, &action, nil)
            }
        }
    }
}
