import AccessPolicy
import PolicyTools
import StrictJSON
import StrictYAML

/// `ostiary policy explain`: why a policy answers a request as it does.
package struct PolicyExplaining {
    /// Who asks.
    package enum Person: Sendable {
        case anonymous
        /// Somebody of the policy's tests.
        case named(String)
        case roles([String])
        /// Claims of a token as JSON.
        case claims(String)
    }

    package var person = Person.anonymous
    package var host: String?
    package var address: String?
    /// RFC 3339; nil: now.
    package var time: String?

    package init() {}

    /// - Parameters:
    ///   - path: of the policy; nil: the built-in one.
    ///   - method: of the request.
    ///   - target: path and query.
    ///   - now: Unix time in seconds, unless ``time`` says another.
    /// - Returns: lines for standard output.
    /// - Throws: what is wrong with the question, or with the policy.
    package func run(
        _ path: String?, method: String, target: String, now: Int64
    ) throws(CommandFailure) -> [String] {
        let policy = try PolicyFile.loadOrBuiltIn(path)
        var question = PolicyQuestion(
            try self.method(method), target, host: host?.lowercased(), now: now)
        question.person = try somebody(policy, path)
        if let address {
            guard let parsed = IPAddress(address) else {
                throw CommandFailure("--ip must be an address, not `\(address)`", status: .usage)
            }
            question.address = parsed
        }
        if let time {
            guard let parsed = Timestamp.parse(time) else {
                throw CommandFailure(
                    "--at must be a time such as `2026-03-01T08:30:00Z`, not `\(time)`",
                    status: .usage)
            }
            question.now = parsed
        }
        return PolicyExplanation(policy.rules, question).lines
    }

    private func method(_ name: String) throws(CommandFailure) -> Method {
        if let method = Method(name: name) { return method }
        let near = Method(name: name.uppercased())?.name
        let names = Method.allCases.map(\.name).joined(separator: ", ")
        throw CommandFailure(
            "unknown method `\(name)`; "
                + (near.map { "methods are case-sensitive: write `\($0)`" }
                    ?? "write one of \(names)"),
            status: .usage)
    }

    private func somebody(
        _ policy: LoadedPolicy, _ path: String?
    ) throws(CommandFailure) -> PolicyPerson? {
        switch person {
        case .anonymous: return nil
        case .named("anonymous"): return nil
        case .named(let name): return try named(name, policy, path)
        case .roles(let roles):
            for role in roles where !policy.rules.roleNames.contains(role) {
                let near = didYouMean(role, in: policy.rules.roleNames)
                throw CommandFailure(
                    "the policy \(policy.name) declares no role `\(role)`; "
                        + (near ?? "it has \(Self.list(policy.rules.roleNames))"))
            }
            return PolicyPerson(
                name: "somebody with role \(roles.joined(separator: ", "))", roles: roles)
        case .claims(let text):
            let claims: JSONValue
            do throws(JSONError) {
                let bytes = Array(text.utf8)
                claims = try JSONReader.read(bytes.span, limits: .payload)
            } catch {
                throw CommandFailure("--claims is no JSON: \(error)", status: .usage)
            }
            guard case .object = claims else {
                throw CommandFailure(
                    "--claims must be an object such as `{\"sub\": \"alice\"}`", status: .usage)
            }
            return PolicyPerson(
                name: claims["sub"]?.string ?? "somebody",
                issuerName: policy.rules.issuers.first { $0.issuer == claims["iss"]?.string }?.name,
                claims: claims)
        }
    }

    private func named(
        _ name: String, _ policy: LoadedPolicy, _ path: String?
    ) throws(CommandFailure) -> PolicyPerson {
        let others = "; others can be named with `--role` or `--claims`"
        guard let path else {
            throw CommandFailure(
                "--as names somebody of a policy's tests, and the built-in policy has none" + others
            )
        }
        let tests = PolicyTests.path(besidePolicy: path)
        guard let text = PolicyFile.text(tests) else {
            throw CommandFailure(
                "--as names somebody of the policy's tests, and there is no file `\(tests)`"
                    + others)
        }
        let people: [PolicyPerson]
        do throws(Diagnostics) {
            people = try PolicyTestFile.load(text, file: tests, policy: policy.rules).people
        } catch {
            throw CommandFailure(error.showing(text, of: tests), status: .failed)
        }
        if let person = people.first(where: { $0.name == name }) { return person }
        let near = didYouMean(name, in: people.map(\.name))
        throw CommandFailure(
            "`as` of `\(tests)` has no `\(name)`; "
                + (near ?? "it has \(Self.list(people.map(\.name)))") + others)
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.map { "`\($0)`" }.joined(separator: ", ")
    }
}
