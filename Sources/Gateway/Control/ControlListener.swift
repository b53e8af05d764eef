private import Glibc
private import Synchronization

/// A listening control socket until somebody takes it over.
final class ControlListener: Sendable {
    private let folder: String
    private let descriptor: Mutex<Int32?>

    init(folder: String) throws(FileProblem) {
        self.folder = folder
        descriptor = Mutex(try ControlSocket(folder: folder).listen())
    }

    deinit {
        guard let descriptor = take() else { return }
        close(descriptor)
        remove()
    }

    /// The descriptor, for whoever asks first and closes it.
    func take() -> Int32? {
        descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
    }

    func remove() { try? ControlSocket(folder: folder).remove() }
}
