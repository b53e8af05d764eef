import AccessPolicy
import StrictYAML

/// Reads an element of `cases`.
struct CaseReader {
    private let people: [PolicyPerson]
    private let policy: PolicySet
    private let sink: DiagnosticSink

    init(_ people: [PolicyPerson], _ policy: PolicySet, _ sink: DiagnosticSink) {
        self.people = people
        self.policy = policy
        self.sink = sink
    }

    /// nil after a report.
    func read(_ node: YAMLNode) -> PolicyCase? {
        let methods = Method.allCases.map(\.name)
        guard
            let reader = MappingReader(
                node, path: "cases",
                keys: [
                    "as", "expect", "reason", "route", "upstream_headers", "host", "ip", "at",
                    "name",
                ] + methods, sink)
        else { return nil }
        let named = methods.filter(reader.has)
        guard named.count == 1, let method = Method(name: named[0]),
            let target = reader.string(named[0])
        else {
            if named.count != 1 {
                sink.report(
                    "missing_key", at: reader.position,
                    named.isEmpty
                        ? "the case names no request" : "the case names \(named.count) requests",
                    suggestion: "write one, such as `GET: /path`")
            }
            return nil
        }
        let expectation = expectation(reader)
        guard let who = person(reader), let expectation else { return nil }
        checkNames(reader)
        var question = PolicyQuestion(
            method, target, host: reader.string("host"), now: Self.usualTime, person: who.person)
        question.address = address(reader)
        if let time = time(reader) { question.now = time }
        return PolicyCase(
            question: question, expectation: expectation, reason: reader.string("reason"),
            route: reader.string("route"), upstreamHeaders: headers(reader),
            name: reader.string("name"), position: reader.position)
    }

    private func person(_ reader: MappingReader) -> (person: PolicyPerson?, Void)? {
        guard let node = reader.required("as"), let name = node.string("cases.as", sink) else {
            return nil
        }
        if name == "anonymous" { return (nil, ()) }
        if let person = people.first(where: { $0.name == name }) { return (person, ()) }
        sink.report(
            "unknown_person", at: node.position, "`as` has no `\(name)`",
            suggestion: didYouMean(name, in: ["anonymous"] + people.map(\.name)))
        return nil
    }

    private func expectation(_ reader: MappingReader) -> PolicyCase.Expectation? {
        guard let node = reader.required("expect") else { return nil }
        if case .scalar(let scalar) = node.content {
            switch scalar.text {
            case "allow": return .allow
            case "deny": return .deny
            default:
                if let status = Quantity.integer(scalar.text), (400...599).contains(status) {
                    return .status(status)
                }
            }
        }
        sink.report(
            "wrong_value", at: node.position,
            "`cases.expect` must be `allow`, `deny` or the status of a refusal, such as `403`")
        return nil
    }

    private func checkNames(_ reader: MappingReader) {
        if let node = reader.node("route"), let id = node.string("cases.route", sink),
            !policy.routes.contains(where: { $0.id == id })
        {
            sink.report(
                "unknown_route", at: node.position, "the policy has no route `\(id)`",
                suggestion: didYouMean(id, in: policy.routes.map(\.id)))
        }
        if let node = reader.node("reason"), let code = node.string("cases.reason", sink),
            !codes.contains(code)
        {
            sink.report(
                "unknown_reason", at: node.position, "no refusal has the reason `\(code)`",
                suggestion: didYouMean(code, in: codes))
        }
        if let expect = reader.node("expect"), case .scalar(let scalar) = expect.content,
            scalar.text == "allow", let position = reader.keyPosition("reason")
        {
            sink.report(
                "contradiction", at: position, "a request that is allowed has no `reason`",
                suggestion: "remove it, or write `expect: deny`")
        }
    }

    private var codes: [String] {
        DenyReason.allCases.filter { $0 != .denied }.map(\.rawValue)
            + policy.denyRules.map(\.code) + ["token_claim", "unknown_host", "upgrade_not_allowed"]
    }

    private func address(_ reader: MappingReader) -> IPAddress? {
        guard let node = reader.node("ip"), let text = node.string("cases.ip", sink) else {
            return nil
        }
        if let address = IPAddress(text) { return address }
        sink.report("wrong_value", at: node.position, "`\(text)` is no IP address")
        return nil
    }

    private func time(_ reader: MappingReader) -> Int64? {
        guard let node = reader.node("at"), let text = node.string("cases.at", sink) else {
            return nil
        }
        if let time = Timestamp.parse(text) { return time }
        sink.report(
            "wrong_value", at: node.position,
            "`cases.at` must be a time such as `2026-03-01T08:30:00Z`, not `\(text)`")
        return nil
    }

    private func headers(_ reader: MappingReader) -> [(name: String, value: String)] {
        (reader.entries("upstream_headers") ?? []).compactMap { entry in
            let name = entry.key.lowercased()
            if !policy.injectedHeaderNames.contains(where: { $0.lowercased() == name }) {
                sink.report(
                    "unknown_header", at: entry.keyPosition,
                    "the policy tells the app no header `\(entry.key)`",
                    suggestion: didYouMean(entry.key, in: policy.injectedHeaderNames))
            }
            return entry.value.string("upstream_headers.\(entry.key)", sink).map {
                (entry.key, $0)
            }
        }
    }

    /// A working day, at noon: Monday, 2 March 2026, 12:00 UTC.
    private static let usualTime: Int64 = 1_772_452_800
}
