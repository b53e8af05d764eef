import TestSupport

/// A client that knows what it was told and what it was left in doubt about when the gate was killed.
struct CrashWitness: Sendable {
    /// What the client has asked last.
    enum Doubt: Sendable {
        /// The answer is there.
        case none
        case registering, signingIn, refreshing, signingOut
    }

    private(set) var person: Person
    private(set) var doubt = Doubt.none
    /// The refresh token before the present one.
    private var parent: String?
    private var tokens: TokenPair?
    /// Of sessions that were signed out, acknowledged.
    private var ended: [TokenPair] = []
    private var isRegistered = false

    init(_ name: String) {
        person = Person(name)
    }

    /// Becomes somebody new.
    mutating func register(_ gate: GateProcess) throws {
        self = CrashWitness("crash")
        doubt = .registering
        let answer = try gate.exchange(AccountRequest.register(person))
        guard answer.status == 201 else { throw UnexpectedAnswer("registration", answer) }
        isRegistered = true
        doubt = .none
    }

    mutating func signIn(_ gate: GateProcess) throws {
        doubt = .signingIn
        tokens = try gate.signIn(person)
        parent = nil
        doubt = .none
    }

    mutating func refresh(_ gate: GateProcess) throws {
        guard let before = tokens else { return try signIn(gate) }
        doubt = .refreshing
        let after = try gate.refresh(before.refresh)
        parent = before.refresh
        tokens = after
        doubt = .none
    }

    mutating func signOut(_ gate: GateProcess) throws {
        guard let before = tokens else { return try signIn(gate) }
        doubt = .signingOut
        let answer = try gate.exchange(AccountRequest.signOut(before.access))
        guard answer.status == 204 else { throw UnexpectedAnswer("sign-out", answer) }
        ended.append(before)
        tokens = nil
        doubt = .none
    }

    /// Asks a gate that was started again for everything that this client was told, and returns what
    /// is not as it was told. Leaves no doubt behind.
    mutating func complaints(about gate: GateProcess) -> [String] {
        var found: [String] = []
        do {
            try check(gate, &found)
        } catch {
            found.append("\(person.username), in doubt about \(doubt): \(error)")
        }
        return found
    }

    private mutating func check(_ gate: GateProcess, _ found: inout [String]) throws {
        func expect(_ condition: Bool, _ sentence: String) {
            if !condition { found.append("\(person.username): \(sentence)") }
        }
        for tokens in ended {
            expect(try gate.status("/api/x", tokens.access) == 401, "signed out, and passes")
            let answer = try gate.exchange(AccountRequest.refresh(tokens.refresh))
            expect(answer.status == 400, "signed out, and is refreshed: \(answer.status)")
        }
        switch doubt {
        case .registering:
            // It is there as a whole or not at all.
            let answer = try gate.exchange(AccountRequest.signIn(person))
            if answer.status == 401 {
                let again = try gate.exchange(AccountRequest.register(person))
                expect(again.status == 201, "half a registration: \(again.reason ?? "")")
            } else {
                expect(answer.status == 200, "sign-in: \(answer.status)")
            }
            isRegistered = true
        case .signingOut:
            if let tokens {
                let passes = try gate.status("/api/x", tokens.access) == 200
                let answer = try gate.exchange(AccountRequest.refresh(tokens.refresh))
                expect(answer.status == (passes ? 200 : 400), "half a sign-out: \(answer.status)")
            }
            tokens = nil
        case .refreshing:
            // The gate may have moved the session on or not: the token at hand works either way.
            if let before = tokens {
                expect(try gate.status("/api/x", before.access) == 200, "token of before")
                try self.refresh(gate)
                try self.refresh(gate)
            }
        case .none, .signingIn:
            if let current = tokens, let parent {
                let again = try gate.exchange(AccountRequest.refresh(parent))
                let pair = try? TokenPair(again)
                expect(
                    pair?.refresh == current.refresh,
                    "the parent gives another child: \(again.status) \(again.oauthError ?? "")")
            }
            if let current = tokens {
                expect(try gate.status("/api/x", current.access) == 200, "token of before")
                try self.refresh(gate)
                let fresh = tokens?.access ?? ""
                expect(try gate.status("/api/x", fresh) == 200, "token of after")
            }
        }
        if isRegistered, tokens == nil {
            try signIn(gate)
            let me = try gate.exchange(AccountRequest.me(tokens?.access ?? ""))
            let user = try me.object()
            expect(
                user.string("email") == person.email && user.string("full_name") == person.fullName,
                "the row is another")
        }
        doubt = .none
    }
}
