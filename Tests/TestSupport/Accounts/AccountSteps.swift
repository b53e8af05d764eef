extension GateProcess {
    /// Registers somebody new and signs in. With a role, which a command grants first.
    package func newcomer(
        _ name: String = "user", roles: [String] = []
    ) throws -> (person: Person, tokens: TokenPair) {
        let person = Person(name)
        let registered = try exchange(AccountRequest.register(person))
        guard registered.status == 201 else {
            throw UnexpectedAnswer("registration", registered)
        }
        for role in roles {
            let granted = try command(AccountCommand.grant(role, to: person))
            guard granted.status == 0 else { throw SupportError("grant: \(granted.error)") }
        }
        return (person, try signIn(person))
    }

    package func signIn(_ person: Person) throws -> TokenPair {
        try TokenPair(try exchange(AccountRequest.signIn(person)))
    }

    package func refresh(_ refreshToken: String) throws -> TokenPair {
        try TokenPair(try exchange(AccountRequest.refresh(refreshToken)))
    }

    /// The status of a request for a path of the app.
    package func status(_ path: String, _ accessToken: String?) throws -> Int {
        try exchange(AccountRequest.get(path, accessToken)).status
    }
}
