import StrictYAML

/// Reads `issuers`.
enum IssuerReader {
    static func read(_ entries: [YAMLEntry], _ sink: DiagnosticSink) -> [IssuerDocument] {
        let documents = entries.compactMap { issuer($0, sink) }
        let found = documents.map(\.issuer)
        checkEmbedded(found, sink)
        checkNames(found, sink)
        // Counting entries, not `found`: an issuer with an error of its own still makes two.
        if entries.count > 1 { checkPrefixes(found, sink) }
        return documents
    }

    private static func issuer(_ entry: YAMLEntry, _ sink: DiagnosticSink) -> IssuerDocument? {
        guard NameRule.word.check(entry.key, "issuer", at: entry.keyPosition, sink) else {
            return nil
        }
        let path = "issuers.\(entry.key)"
        let embedded: Bool =
            if case .scalar(let flag)? = entry.value["embedded"]?.content {
                flag.isPlain && flag.text == "true"
            } else {
                false
            }
        let common = [
            "embedded", "audience", "algorithms", "leeway", "max_lifetime", "allow_missing_kid",
            "single_audience", "subject_prefix", "claims",
        ]
        let keys = embedded ? common : common + ["issuer", "require", "token_type"]
        guard let reader = MappingReader(entry.value, path: path, keys: keys, sink) else {
            return nil
        }
        _ = reader.bool("embedded")
        let issuer = embedded ? nil : reader.required("issuer")?.string(reader.name("issuer"), sink)
        if issuer?.isEmpty == true {
            sink.report(
                "wrong_value", at: reader.keyPosition("issuer"), "`\(path).issuer` is empty")
        }
        let claims = ClaimMappingReader.read(reader, sink)
        let read = PolicyIssuer(
            name: entry.key, embedded: embedded, issuer: issuer,
            audiences: audiences(reader, required: !embedded, sink),
            singleAudience: reader.bool("single_audience") ?? false,
            algorithms: AlgorithmReader.read(reader, embedded: embedded, sink),
            tokenTypes: embedded ? [] : tokenTypes(reader, sink),
            requiredClaims: embedded ? [] : reader.nonEmptyList("require", sink) ?? [],
            leeway: seconds("leeway", reader, in: 0...300, default: 30, sink),
            maxLifetime: seconds(
                "max_lifetime", reader, in: 1...3_153_600_000, default: 86_400, sink),
            allowMissingKeyID: reader.bool("allow_missing_kid") ?? false,
            subjectPrefix: reader.string("subject_prefix") ?? "", position: entry.keyPosition)
        return IssuerDocument(
            issuer: Located(value: read, position: entry.keyPosition), claims: claims)
    }

    private static func audiences(
        _ reader: MappingReader, required: Bool, _ sink: DiagnosticSink
    ) -> [String] {
        if required, !reader.has("audience") {
            sink.report(
                "missing_key", at: reader.position, "missing key `audience` in `\(reader.path)`",
                suggestion: "name what tokens for this app carry in `aud`")
        }
        return reader.nonEmptyList("audience", sink) ?? []
    }

    /// The `typ` of identity assertions. Whoever accepted them from clients would let the app, or whoever
    /// reads its log, act for everybody.
    private static let assertionType = "ostiary-assertion+jwt"

    /// RFC 7515 § 4.1.9: `application/` may be left out, and case does not matter.
    private static func tokenTypes(_ reader: MappingReader, _ sink: DiagnosticSink) -> [String] {
        (reader.nonEmptyList("token_type", sink) ?? []).map { type in
            let lower = type.lowercased()
            let prefix = "application/"
            let bare = lower.hasPrefix(prefix) ? String(lower.dropFirst(prefix.count)) : lower
            if bare == assertionType {
                sink.report(
                    "assertion_as_token", at: reader.node("token_type")?.position,
                    "`\(type)` is what a gateway tells the app behind it, and never a token to sign in with",
                    suggestion: "name the type of the issuer's access tokens, such as `at+jwt`")
            }
            return bare
        }
    }

    private static func seconds(
        _ key: String, _ reader: MappingReader, in range: ClosedRange<Int64>, default: Int64,
        _ sink: DiagnosticSink
    ) -> Int64 {
        guard let duration = reader.duration(key) else { return `default` }
        let (seconds, fraction) = duration.components
        guard fraction == 0, range.contains(seconds) else {
            let bounds = [range.lowerBound, range.upperBound].map {
                "`\(Quantity.describe(.seconds($0)))`"
            }
            sink.report(
                "wrong_value", at: reader.node(key)?.position,
                "`\(reader.name(key))` must be whole seconds from \(bounds[0]) to \(bounds[1])")
            return `default`
        }
        return seconds
    }

    private static func checkEmbedded(_ issuers: [Located<PolicyIssuer>], _ sink: DiagnosticSink) {
        let embedded = issuers.filter(\.value.embedded)
        for other in embedded.dropFirst() {
            sink.report(
                "duplicate", at: other.position,
                "`\(other.value.name)` cannot be embedded: `\(embedded[0].value.name)` is already")
        }
    }

    private static func checkNames(_ issuers: [Located<PolicyIssuer>], _ sink: DiagnosticSink) {
        var seen: [String: String] = [:]
        for issuer in issuers {
            guard let text = issuer.value.issuer else { continue }
            if let other = seen[text] {
                sink.report(
                    "duplicate", at: issuer.position,
                    "issuers `\(other)` and `\(issuer.value.name)` have the same `issuer`: a token "
                        + "could not be told apart")
            }
            seen[text] = issuer.value.name
        }
    }

    /// Prefixes must keep (issuer, subject) unique: none may be the start of another, or `a:` + `b:x`
    /// and `a:b:` + `x` would be one subject.
    private static func checkPrefixes(_ issuers: [Located<PolicyIssuer>], _ sink: DiagnosticSink) {
        for (index, issuer) in issuers.enumerated() {
            let prefix = issuer.value.subjectPrefix
            guard !prefix.isEmpty else {
                // The subjects of the embedded issuer are ours to choose, so it may do without.
                guard !issuer.value.embedded else { continue }
                sink.report(
                    "missing_key", at: issuer.position,
                    "missing key `subject_prefix` in `issuers.\(issuer.value.name)`: with more than "
                        + "one issuer, a subject alone does not tell who it is",
                    suggestion: "write `subject_prefix: \"\(issuer.value.name):\"`")
                continue
            }
            for other in issuers[..<index] where !other.value.subjectPrefix.isEmpty {
                let before = other.value.subjectPrefix
                guard prefix.hasPrefix(before) || before.hasPrefix(prefix) else { continue }
                sink.report(
                    "ambiguous_prefix", at: issuer.position,
                    "subject prefixes `\(before)` and `\(prefix)` can give two people one subject",
                    suggestion: "let neither be the start of the other")
            }
        }
    }
}

extension MappingReader {
    /// A list of text, or a single text, that holds something; nil when the key is absent.
    func nonEmptyList(_ key: String, _ sink: DiagnosticSink) -> [String]? {
        guard let list = stringList(key) else { return nil }
        if list.isEmpty || list.contains("") {
            sink.report(
                "empty_list", at: keyPosition(key), "`\(name(key))` must name something",
                suggestion: "fill it, or remove it")
        }
        return list
    }
}
