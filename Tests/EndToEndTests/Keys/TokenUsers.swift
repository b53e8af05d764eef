import Foundation
import TestSupport

/// Send a token, one request after another, until told to stop; which one can change meanwhile.
final class TokenUsers: Sendable {
    /// Answers other than 200, and when.
    let refused = Locked<[(status: Int, after: ContinuousClock.Instant)]>([])
    let served = Locked(0)
    private let token: Locked<String>
    private let isOver = Locked(false)
    private let group = DispatchGroup()

    /// `pause`: between two requests.
    init(_ fixture: KeyGate, count: Int, token: String, pause: Duration = .zero) {
        self.token = Locked(token)
        for _ in 0..<count {
            group.enter()
            Thread.detachNewThread { [self] in
                defer { group.leave() }
                guard let client = try? fixture.gate.connect() else { return }
                while !isOver.withLock({ $0 }) {
                    let token = self.token.withLock { $0 }
                    guard (try? client.send(KeyGate.request(token))) != nil,
                        let answer = try? client.response()
                    else {
                        refused.withLock { $0.append((0, .now)) }
                        return
                    }
                    if answer.status == 200 {
                        served.withLock { $0 += 1 }
                    } else {
                        refused.withLock { $0.append((answer.status, .now)) }
                    }
                    if pause > .zero { Thread.sleep(forTimeInterval: pause / .seconds(1)) }
                }
            }
        }
    }

    /// The statuses of `refused`.
    var refusals: [Int] { refused.withLock { $0.map(\.status) } }

    func use(_ token: String) { self.token.withLock { $0 = token } }

    func stop() {
        isOver.withLock { $0 = true }
        group.wait()
    }
}
