/// One operation that is measured.
struct Subject {
    let name: String
    private let body: Body

    private enum Body {
        case plain((Int) throws -> Void)
        case waiting((Int) async throws -> Void)
    }

    /// `run` does it so many times in a row. The loop is within, so that calling it costs nothing.
    init(_ name: String, run: @escaping (Int) throws -> Void) {
        self.name = name
        body = .plain(run)
    }

    /// The same for an operation that may wait.
    init(_ name: String, waiting run: @escaping (Int) async throws -> Void) {
        self.name = name
        body = .waiting(run)
    }

    func run(_ count: Int) async throws {
        switch body {
        case .plain(let run): try run(count)
        case .waiting(let run): try await run(count)
        }
    }

    /// Does the same for operations that do not wait; nothing for the others.
    func runNow(_ count: Int) throws {
        if case .plain(let run) = body { try run(count) }
    }
}

/// A measured operation that did not do what it is measured for.
struct UnexpectedOutcome: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Makes sure, within a measured loop, that the outcome is the expected one.
@inline(__always)
func expect(_ isAsExpected: Bool, _ what: StaticString) throws {
    guard isAsExpected else { throw UnexpectedOutcome("not as expected: \(what)") }
}
