import Testing

@testable import ReverseProxy

@Suite("Exchange")
struct ExchangeTests {
    /// Every state that an exchange can be in.
    struct State: Sendable, CustomStringConvertible {
        let hasBody: Bool
        let bodyFinished: Bool
        let response: Exchange.Progress
        let keepsDownstream: Bool
        let mayRepeat: Bool

        var exchange: Exchange {
            var exchange = Exchange(
                hasBody: hasBody, keepsDownstream: keepsDownstream, mayRepeat: mayRepeat)
            if bodyFinished { exchange.requestBodyFinished() }
            if response != .awaited { exchange.responseHeadReceived(closesDownstream: false) }
            if response == .finished { _ = exchange.responseFinished(upstreamIsClean: true) }
            return exchange
        }

        var isWholeRequest: Bool { !hasBody || bodyFinished }

        var description: String {
            "body \(hasBody) finished \(bodyFinished) response \(response) keeps \(keepsDownstream) "
                + "repeat \(mayRepeat)"
        }
    }

    static let booleans = [false, true]

    static let states: [State] = booleans.flatMap { hasBody in
        (hasBody ? booleans : [false]).flatMap { finished in
            [Exchange.Progress.awaited, .streaming, .finished].flatMap { response in
                booleans.flatMap { keeps in
                    booleans.map {
                        State(
                            hasBody: hasBody, bodyFinished: finished, response: response,
                            keepsDownstream: keeps, mayRepeat: $0)
                    }
                }
            }
        }
    }

    @Test("there are as many states as there are combinations")
    func count() { #expect(Self.states.count == 36) }

    @Test("begins with what is still to come", arguments: states)
    func beginning(_ state: State) {
        #expect(state.exchange.request == (state.isWholeRequest ? .finished : .streaming))
        #expect(state.exchange.response == state.response)
        #expect(state.exchange.keepsDownstream == state.keepsDownstream)
    }

    @Test("the end of the request's body changes the request and nothing else", arguments: states)
    func requestBodyFinished(_ state: State) {
        var exchange = state.exchange
        exchange.requestBodyFinished()
        #expect(exchange.request == .finished)
        #expect(exchange.response == state.response)
        #expect(exchange.keepsDownstream == state.keepsDownstream)
    }

    @Test(
        "an answer's head begins the answer, and one that ends by closing closes", arguments: states
    )
    func responseHead(_ state: State) {
        for closes in Self.booleans {
            var exchange = state.exchange
            exchange.responseHeadReceived(closesDownstream: closes)
            #expect(exchange.response == .streaming)
            #expect(exchange.keepsDownstream == (state.keepsDownstream && !closes))
            #expect(exchange.request == state.exchange.request)
        }
    }

    @Test("a connection that is to be closed is never kept again", arguments: states)
    func closeDownstream(_ state: State) {
        var exchange = state.exchange
        exchange.closeDownstreamAfterAnswer()
        #expect(!exchange.keepsDownstream)
        exchange.requestBodyFinished()
        exchange.responseHeadReceived(closesDownstream: false)
        let completion = exchange.responseFinished(upstreamIsClean: true)
        #expect(!completion.reusesDownstream)
        #expect(completion.reusesUpstream)
    }

    @Test(
        "both connections are used again only when the request was read to its end",
        arguments: states)
    func completion(_ state: State) {
        for isClean in Self.booleans {
            var exchange = state.exchange
            let completion = exchange.responseFinished(upstreamIsClean: isClean)
            #expect(exchange.response == .finished)
            #expect(
                completion
                    == Exchange.Completion(
                        reusesUpstream: isClean && state.isWholeRequest,
                        reusesDownstream: state.keepsDownstream && state.isWholeRequest))
        }
    }

    @Test("the upstream's end means what the answer's state says", arguments: states)
    func upstreamLost(_ state: State) {
        for wasReused in Self.booleans {
            for endsBody in Self.booleans {
                var exchange = state.exchange
                let loss = exchange.upstreamLost(wasReused: wasReused, endsBody: endsBody)
                let expected: Exchange.UpstreamLoss =
                    switch state.response {
                    case .awaited:
                        // Sent again: no body, idempotent, and on a connection used before.
                        !state.hasBody && state.mayRepeat && wasReused ? .retry : .refuse
                    case .streaming: endsBody ? .finish : .abort
                    case .finished: .finish
                    }
                #expect(loss == expected)
            }
        }
    }

    @Test("a request is sent again once at most, for the second connection is a new one")
    func oneRetry() {
        var exchange = Exchange(hasBody: false, keepsDownstream: true, mayRepeat: true)
        #expect(exchange.upstreamLost(wasReused: true, endsBody: false) == .retry)
        #expect(exchange.upstreamLost(wasReused: false, endsBody: false) == .refuse)
    }
}
