import Foundation
import Glibc

/// Starts a program by `posix_spawn` with three standard streams, default signals, none blocked.
///
/// Foundation's `Process` hands on the signal mask of its thread, and the threads of libdispatch
/// block SIGTERM: a child started by it from a test would not stop when it is told to.
struct Spawn {
    let program: String
    let arguments: [String]
    let environment: [String: String]

    /// Returns the child's process id.
    func run(input: Int32, output: Int32, error: Int32) throws -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, error, 2)
        try unsafe Self.closeInherited(&actions)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let variables = environment.map { "\($0.key)=\($0.value)" }
        var pid: Int32 = 0
        let status = Self.oneAtATime.withLock {
            unsafe withPointers(to: [program] + arguments) { argv in
                unsafe withPointers(to: variables) { envp in
                    unsafe posix_spawn(&pid, program, &actions, &attributes, argv, envp)
                }
            }
        }
        guard status == 0 else {
            throw SupportError("start `\(program)`: \(SocketError.failed("spawn", errno: status))")
        }
        return pid
    }

    /// Leaves the child nothing but its standard streams: it would keep sockets of the test's process
    /// open behind its back. The C library has the function (glibc 2.34), the Swift module does not.
    @unsafe private static func closeInherited(
        _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>
    ) throws {
        typealias Function =
            @convention(c) (
                UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32
            ) -> Int32
        guard let symbol = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
            throw SupportError("the C library is older than glibc 2.34")
        }
        let closeFrom = unsafe unsafeBitCast(symbol, to: Function.self)
        guard unsafe closeFrom(actions, 3) == 0 else {
            throw SocketError(during: "keep files from a child")
        }
    }

    /// Held while a child is started and while a pipe is open that is not marked yet: a child that got
    /// the write end of another's input would keep that one waiting for the end.
    static let oneAtATime = NSLock()

    @unsafe private func withPointers<Result>(
        to strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = unsafe strings.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        return unsafe body(copies + [nil])
    }
}

/// A pipe whose ends are not inherited by other children.
struct ChildPipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        try Spawn.oneAtATime.withLock {
            guard unsafe pipe(&ends) == 0 else { throw SocketError(during: "open a pipe") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    /// A pipe with all that there will ever be to read; its write end is closed.
    init(holding bytes: [UInt8]) throws {
        guard bytes.count <= 65_536 else { throw SupportError("too much for a pipe") }
        self = try ChildPipe()
        defer { close(writeEnd) }
        guard unsafe write(writeEnd, bytes, bytes.count) == bytes.count else {
            throw SocketError(during: "fill a pipe")
        }
    }
}

/// Waits for the child's end and returns its exit status, 128 + signal when a signal ended it.
func reap(_ pid: Int32) -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 {
        guard errno == EINTR else { return -1 }
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
}

/// Waits until the child has ended, and leaves it to `reap`, so that its id stays taken.
func awaitEnd(of pid: Int32) {
    var info = unsafe siginfo_t()
    while unsafe waitid(P_PID, UInt32(pid), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
}
