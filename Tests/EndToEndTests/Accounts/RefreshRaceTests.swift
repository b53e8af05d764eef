import TestSupport
import Testing

@Suite("refreshing", .gate({ $0.useAccounts(defaultRoles: ["viewer"]) }), .serialized)
struct RefreshRaceTests {
    @Test("eight refreshes of one token at once give one successor, for generations on end")
    func race() throws {
        let gate = try currentFixture().gate
        var tokens = try gate.newcomer().tokens
        for generation in 1...5 {
            let answers = try gate.exchangeTogether(
                Array(repeating: AccountRequest.refresh(tokens.refresh), count: 8))
            let pairs = try answers.map { try TokenPair($0) }
            #expect(Set(pairs.map(\.refresh)).count == 1, "generation \(generation)")
            #expect(pairs[0].refresh != tokens.refresh)
            // The answer may be lost: the parent gives the same child as long as it may.
            #expect(try gate.refresh(tokens.refresh).refresh == pairs[0].refresh)
            for pair in pairs { #expect(try gate.status("/api/x", pair.access) == 200) }
            tokens = pairs[0]
        }
    }

    @Test("a token two generations old ends its session at once, and no other")
    func reuse() throws {
        let gate = try currentFixture().gate
        let (person, first) = try gate.newcomer()
        let other = try gate.signIn(person)
        let stranger = try gate.newcomer().tokens
        let second = try gate.refresh(first.refresh)
        let third = try gate.refresh(second.refresh)
        for token in [first, second, third] {
            #expect(try gate.status("/api/x", token.access) == 200)
        }

        let reused = try gate.exchange(AccountRequest.refresh(first.refresh))
        #expect(reused.status == 400 && reused.oauthError == "invalid_grant")
        for token in [first, second, third] {
            #expect(try gate.status("/api/x", token.access) == 401)
            let answer = try gate.exchange(AccountRequest.refresh(token.refresh))
            #expect(answer.status == 400 && answer.oauthError == "invalid_grant")
        }
        for token in [other, stranger] {
            #expect(try gate.status("/api/x", token.access) == 200)
            #expect(try gate.exchange(AccountRequest.refresh(token.refresh)).status == 200)
        }
    }

    @Test("a token with any one character changed is refused, and ends nothing")
    func forgedTokens() throws {
        let gate = try currentFixture().gate
        var random = SeededGenerator(for: "forged refresh tokens")
        let (_, tokens) = try gate.newcomer()
        let next = try gate.refresh(tokens.refresh)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        for genuine in [tokens.refresh, next.refresh] {
            let characters = Array(genuine)
            var forged = (0..<40).map { _ in
                let index = Int.random(in: 4..<characters.count, using: &random)
                var copy = characters
                repeat { copy[index] = random.pick(alphabet) } while copy == characters
                return String(copy)
            }
            forged += [
                "", "ort_", String(genuine.dropLast()), genuine + "A", String(genuine.dropFirst(4)),
                "ORT_" + genuine.dropFirst(4), genuine + "=", tokens.access,
            ]
            for token in forged {
                let answer = try gate.exchange(AccountRequest.refresh(token))
                #expect(answer.status == 400)
                #expect(["invalid_grant", "invalid_request"].contains(answer.oauthError))
            }
        }
        // Nobody's guess was taken for the reuse of an old token.
        #expect(try gate.status("/api/x", next.access) == 200)
        #expect(try gate.refresh(next.refresh).refresh != next.refresh)
    }

    @Test("the token is not read from where it does not belong")
    func wrongPlaces() throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.newcomer()
        let path = "/_ostiary/oauth/token"
        let query = "grant_type=refresh_token&refresh_token=\(tokens.refresh)&client_id=ostiary"
        let json = #"{"grant_type":"refresh_token","refresh_token":"\#(tokens.refresh)"}"#
        let requests = [
            AccountRequest.form("\(path)?\(query)", ""),
            AccountRequest.json("POST", path, json),
            AccountRequest.get("\(path)?\(query)"),
            AccountRequest.form(path, query + "&refresh_token=\(tokens.refresh)"),
            AccountRequest.form(path, query + "&grant_type=refresh_token"),
            AccountRequest.form(path, "refresh_token=\(tokens.refresh)&client_id=ostiary"),
            AccountRequest.form(path, "grant_type=password&refresh_token=\(tokens.refresh)"),
            AccountRequest.form(
                path, "grant_type=refresh_token&refresh_token=\(tokens.refresh)&client_id=other"),
        ]
        for (number, request) in requests.enumerated() {
            let answer = try gate.exchange(request)
            #expect((400...415).contains(answer.status), "request \(number)")
            #expect(!answer.text.contains("access_token\":"), "request \(number)")
        }
        #expect(try gate.exchange(AccountRequest.refresh(tokens.refresh)).status == 200)
    }
}
