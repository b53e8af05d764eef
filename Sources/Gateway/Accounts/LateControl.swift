import Logging
import ServiceLifecycle

/// The control socket of a server that started while its data folder took no writes: made once the
/// accounts are available, so that commands reach a server that has recovered by itself.
struct LateControl: Service {
    let folder: String
    let accounts: AccountService
    let logger: Logger

    func run() async throws {
        guard let server = await cancelWhenGracefulShutdown({ await made() }) else { return }
        try await server.run()
    }

    /// nil when the server stops before.
    private func made() async -> ControlServer? {
        var isSaid = false
        while !Task.isCancelled {
            if accounts.issuer != nil {
                do throws(FileProblem) {
                    return try ControlServer(
                        folder: folder, administration: { accounts.administration },
                        logger: logger)
                } catch {
                    if !isSaid {
                        logger.error(
                            "the control socket cannot be made, so commands do not reach the server",
                            metadata: ["control.error": "\(error)", "store.folder": "\(folder)"])
                    }
                    isSaid = true
                }
            }
            try? await Task.sleep(for: Self.pause)
        }
        return nil
    }

    private static let pause = Duration.seconds(1)
}
