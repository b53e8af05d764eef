extension GateProcess {
    /// Registers somebody new and signs in. With a role, which a command grants first.
    package func newcomer(
        _ name: String = "user", roles: [String] = []
    ) throws -> (person: Person, tokens: TokenPair) {
        let person = Person(name)
        let registered = try exchange(AccountRequest.register(person), within: .seconds(60))
        guard registered.status == 201 else {
            throw UnexpectedAnswer("registration", registered)
        }
        for role in roles {
            let granted = try command(AccountCommand.grant(role, to: person))
            guard granted.status == 0 else { throw SupportError("grant: \(granted.error)") }
        }
        return (person, try signIn(person))
    }

    /// Somebody with a session that many tests may use, and none may end: signing in takes work.
    package func resident() throws -> (person: Person, tokens: TokenPair) {
        try residents.withLock { residents in
            if let known = residents[pid], known.isFresh { return (known.person, known.tokens) }
            let (person, tokens) = try newcomer("resident")
            residents[pid] = Resident(person: person, tokens: tokens, since: .now)
            return (person, tokens)
        }
    }

    /// Waits for long: every sign-in of the test run takes its share of the processor.
    package func signIn(_ person: Person) throws -> TokenPair {
        try TokenPair(try exchange(AccountRequest.signIn(person), within: .seconds(60)))
    }

    package func refresh(_ refreshToken: String) throws -> TokenPair {
        try TokenPair(try exchange(AccountRequest.refresh(refreshToken)))
    }

    /// The status of a request for a path of the app.
    package func status(_ path: String, _ accessToken: String?) throws -> Int {
        try exchange(AccountRequest.get(path, accessToken)).status
    }
}

private struct Resident {
    let person: Person
    let tokens: TokenPair
    let since: ContinuousClock.Instant

    /// Tokens last for five minutes.
    var isFresh: Bool { ContinuousClock.now - since < .seconds(120) }
}

/// By the process of the gate.
private let residents = Locked<[Int32: Resident]>([:])
