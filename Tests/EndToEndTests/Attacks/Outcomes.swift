import TestSupport
import Testing

/// The fixture of the running suite.
func currentFixture() throws -> GateFixture {
    try #require(GateFixture.current, "the suite has no `.gate` trait")
}

/// Sends the attack on a connection of its own and expects the status, and an upstream that has not
/// seen one byte of it.
@discardableResult
func expectBlocked(
    _ attack: Attack, status: Set<Int>, reason: String? = nil, closes: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> RawResponse {
    let fixture = try currentFixture()
    let before = fixture.upstream.hits
    let client = try fixture.gate.connect()
    // The gate may refuse, and close, before it has taken everything.
    _ = client.sendTolerantly(wireBytes(attack.request))
    let response = try client.response(toHead: attack.request.hasPrefix("HEAD "))
    #expect(status.contains(response.status), sourceLocation: sourceLocation)
    if let reason {
        #expect(response.reason == reason, sourceLocation: sourceLocation)
    }
    if closes {
        #expect(client.isClosedByPeer(), "left open", sourceLocation: sourceLocation)
    }
    try passCanary(fixture)
    let seen = fixture.upstream.requests.suffix(fixture.upstream.hits - before).map(\.requestLine)
    #expect(seen == ["GET /public/canary HTTP/1.1"], sourceLocation: sourceLocation)
    #expect(fixture.upstream.hits == before + 1, sourceLocation: sourceLocation)
    return response
}

/// Sends the attack, expects that it is served, and returns what the upstream received.
func expectForwarded(
    _ attack: Attack, status: Int = 200, sourceLocation: SourceLocation = #_sourceLocation
) throws -> RecordedRequest {
    let fixture = try currentFixture()
    let before = fixture.upstream.requests.count
    let response = try fixture.gate.exchange(attack.request)
    #expect(
        response.status == status, "\(response.reason ?? response.text)",
        sourceLocation: sourceLocation)
    let received = fixture.upstream.requests.dropFirst(before)
    #expect(received.count == 1, sourceLocation: sourceLocation)
    return try #require(received.first, sourceLocation: sourceLocation)
}

/// Expects that no identity reaches the upstream, by any spelling of the two header names.
func expectAnonymous(
    _ request: RecordedRequest, sourceLocation: SourceLocation = #_sourceLocation
) {
    for name in ["X-Auth-User", "X-Auth-Roles", "X-Ostiary-Assertion", "Authorization"] {
        #expect(request.values(folded: name) == [], "\(name)", sourceLocation: sourceLocation)
    }
}

/// Expects exactly our identity headers, by any spelling, and no credential.
func expectIdentity(
    _ user: String, roles: String, in request: RecordedRequest,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(request.values(folded: "X-Auth-User") == [user], sourceLocation: sourceLocation)
    #expect(request.values(folded: "X-Auth-Roles") == [roles], sourceLocation: sourceLocation)
    #expect(request.values(folded: "Authorization") == [], sourceLocation: sourceLocation)
}

/// A request that is served as ever: what the attack left behind in the gate would show in it, and
/// whatever the attack sent to the upstream has arrived before it.
private func passCanary(_ fixture: GateFixture) throws {
    let response = try fixture.gate.exchange(
        "GET /public/canary HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n")
    #expect(response.status == 200, "the canary after an attack")
}
