import Glibc
import TestSupport

/// A program at a terminal of its own, at whose other end a test sits.
final class PseudoTerminal {
    private let master: Int32
    private let process: pid_t
    private var pending = ""
    private var status: Int32?

    init(_ program: String, _ arguments: [String], environment: [String: String]) throws {
        master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        // TIOCSPTLCK and TIOCGPTN: what unlockpt and ptsname do, which Glibc's module hides.
        guard master >= 0, unsafe ioctl(master, 0x4004_5431, &unlocked) == 0,
            unsafe ioctl(master, 0x8004_5430, &number) == 0
        else { throw SupportError("no terminal: errno \(errno)") }
        let path = "/dev/pts/\(number)"

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that the leader of a new session opens becomes the session's, so that
        // Ctrl-C reaches it.
        unsafe posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, behind _GNU_SOURCE
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(newSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe variables.forEach { unsafe free($0) }
        }
        var process: pid_t = 0
        let result = unsafe posix_spawn(
            &process, program, &actions, &attributes, words, variables)
        self.process = process
        guard result == 0 else {
            close(master)
            throw SupportError("start `\(program)`: errno \(result)")
        }
    }

    deinit {
        if status == nil { kill(process, SIGKILL) }
        _ = exitStatus()
        close(master)
    }

    /// Whether what is typed now would not be shown.
    var isSilent: Bool {
        var settings = termios()
        return unsafe tcgetattr(master, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) == 0
    }

    func type(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard unsafe write(master, bytes, bytes.count) == bytes.count else {
            throw SupportError("type: errno \(errno)")
        }
    }

    /// What the program shows, up to and with the `times`th `text`.
    func read(until text: String, times: Int = 1) throws -> String {
        let deadline = ContinuousClock.now + .seconds(20)
        while pending.ranges(of: text).count < times {
            var event = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            var buffer = [UInt8](repeating: 0, count: 4096)
            guard ContinuousClock.now < deadline, unsafe poll(&event, 1, 1000) >= 0 else {
                throw SupportError("`\(text)` has not come: \(pending)")
            }
            guard event.revents != 0 else { continue }
            let count = unsafe Glibc.read(master, &buffer, buffer.count)
            // EIO: nobody has the terminal any more.
            guard count > 0 else { throw SupportError("ended without `\(text)`: \(pending)") }
            pending += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let end = pending.ranges(of: text)[times - 1].upperBound
        defer { pending = String(pending[end...]) }
        return String(pending[..<end])
    }

    /// Waits for the end; 128 and the signal's number where one ended it.
    func exitStatus() -> Int32? {
        if let status { return status }
        var raw: Int32 = 0
        while unsafe waitpid(process, &raw, 0) < 0 {
            guard errno == EINTR else { return nil }
        }
        let signal = raw & 0x7F
        status = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
        return status
    }
}
