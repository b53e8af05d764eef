import Foundation

/// Listens and counts who connects: what nobody may ever ask is asserted with it.
package final class DecoyListener: Sendable {
    package let port: UInt16
    private let listener: Socket
    private let connections = Locked(0)

    package init() throws {
        listener = try Socket.listen()
        port = listener.localPort
        Thread.detachNewThread { [weak self, listener] in
            while let connection = listener.accept() {
                self?.connections.withLock { $0 += 1 }
                connection.disconnect()
            }
        }
    }

    deinit { listener.disconnect() }

    package var connectionCount: Int { connections.withLock { $0 } }
}
