/// A request, to show what a diagnostic is about.
struct Witness {
    let method: Method
    let path: String
    /// Nil where no route of the policy names a host.
    let host: String?
}

/// Looks for a request that comes to a given leaf of the trie: one that meets its patterns and no
/// pattern that is more specific.
///
/// Patterns match finitely many texts or nearly all of a class, so a text that no literal and no
/// suffix of the policy has to do with is as good as any; only where there is none are texts tried
/// that one of them matches. Every request is tried on the trie itself, so what is found is true.
struct WitnessSearch {
    private let trie: RouteTrie
    private let accepted: HostSet
    private let literals: Set<[UInt8]>
    private let suffixes: Set<[UInt8]>
    private let hasTypes: Bool
    private let depth: Int

    init(trie: RouteTrie, routes: [Route], accepted: HostSet) {
        self.trie = trie
        self.accepted = accepted
        var (literals, suffixes, hasTypes) = (Set<[UInt8]>(), Set<[UInt8]>(), false)
        for segment in routes.flatMap(\.pattern.segments) {
            switch segment {
            case .literal(let text): literals.insert(text)
            case .suffix(let text): suffixes.insert(text)
            case .typed: hasTypes = true
            case .variable, .wildcard: break
            }
        }
        (self.literals, self.suffixes, self.hasTypes) = (literals, suffixes, hasTypes)
        depth = routes.map(\.pattern.segments.count).max() ?? 0
    }

    /// Nil where more specific routes take every request.
    func witness(for crowd: PatternTreeBuilder.Crowd, host: Int) -> Witness? {
        // Placeholders are told apart, where it makes no difference.
        let choices = crowd.steps.indices.map { index in
            texts(crowd.steps[index], from: placeholders(crowd.steps[..<index]))
        }
        guard choices.allSatisfy({ !$0.isEmpty }) else { return nil }
        let hosts = hostNames(host)
        var attempts = 0
        for ending in endings(crowd.end, after: crowd.steps) {
            var chosen = choices.map { _ in 0 }
            while attempts < Self.maximumAttempts {
                attempts += 1
                let path = zip(choices, chosen).map { Self.written($0[$1]) } + ending
                for host in hosts {
                    if leads("/" + path.joined(separator: "/"), crowd, host) {
                        return Witness(
                            method: crowd.method, path: "/" + path.joined(separator: "/"),
                            host: trie.hosts.isEmpty ? nil : host)
                    }
                }
                guard Self.advance(&chosen, choices) else { break }
            }
        }
        return nil
    }

    private func leads(
        _ path: String, _ crowd: PatternTreeBuilder.Crowd, _ host: String
    ) -> Bool {
        guard let path = try? CanonicalPath(parsing: Array(path.utf8).span) else { return false }
        let slot = trie.slot(crowd.method, host: Array(host.utf8).span, path, in: .asSent)
        return slot == crowd.slot
    }

    /// The next combination, as an odometer counts; false after the last one.
    private static func advance(_ chosen: inout [Int], _ choices: [[[UInt8]]]) -> Bool {
        for index in chosen.indices.reversed() {
            chosen[index] += 1
            if chosen[index] < choices[index].count { return true }
            chosen[index] = 0
        }
        return false
    }

    // MARK: Texts of segments

    private func placeholders(_ steps: ArraySlice<PatternTreeBuilder.Step>) -> Int {
        steps.count { if case .anything = $0 { true } else { false } }
    }

    private func texts(_ step: PatternTreeBuilder.Step, from start: Int) -> [[UInt8]] {
        switch step {
        case .literal(let text): [text]
        case .suffix(let suffix):
            fresh(longerThan: suffix) { Array(SampleText.word($0).utf8) + suffix }
        case .typed(let classes):
            // The narrower a class, the more patterns it meets: a word is best.
            classes.reversed().flatMap { textClass in
                fresh { Array(SampleText.sample(of: textClass, $0).utf8) }
            }
        case .anything: fresh { Array(plainText($0 + start).utf8) }
        }
    }

    /// A text of no type where there are types, so that it meets as few patterns as it can.
    private func plainText(_ number: Int) -> String {
        hasTypes ? "~" + SampleText.word(number) : SampleText.word(number)
    }

    /// One text that no literal is and no (longer) suffix ends, or else one for each suffix.
    private func fresh(
        longerThan own: [UInt8] = [], _ sample: (Int) -> [UInt8]
    ) -> [[UInt8]] {
        var bySuffix: [[UInt8]: [UInt8]] = [:]
        for number in 0..<Self.maximumSamples {
            let text = sample(number)
            guard !literals.contains(text) else { continue }
            guard let suffix = longestSuffix(of: text), suffix.count > own.count else {
                return [text]
            }
            if bySuffix[suffix] == nil { bySuffix[suffix] = text }
        }
        return bySuffix.sorted { $0.key.count < $1.key.count }.map(\.value)
    }

    private func longestSuffix(of text: [UInt8]) -> [UInt8]? {
        guard !suffixes.isEmpty, text.count > 1 else { return nil }
        for start in 1..<text.count where suffixes.contains(Array(text[start...])) {
            return Array(text[start...])
        }
        return nil
    }

    /// What may follow for `**`: nothing, or fresh segments down to where no pattern reaches, also with
    /// a slash behind.
    private func endings(
        _ end: PatternTreeBuilder.End, after steps: [PatternTreeBuilder.Step]
    ) -> [[String]] {
        let depth = steps.count
        switch end {
        case .here: return depth == 0 ? [] : [[]]
        case .slash: return [[""]]
        case .rest:
            let start = placeholders(steps[...])
            let words = (0...max(0, self.depth - depth) + 1).compactMap { number in
                fresh { Array(plainText($0 + start + number).utf8) }.first.map(Self.written)
            }
            var endings: [[String]] = []
            for count in 0...words.count {
                let segments = Array(words.prefix(count))
                // Nothing at all is a slash at the root.
                if !segments.isEmpty || depth > 0 { endings.append(segments) }
                endings.append(segments + [""])
            }
            // One segment is what people expect to see.
            if endings.count > 2, depth > 0 { endings.swapAt(0, 2) }
            return endings
        }
    }

    private static func written(_ decoded: [UInt8]) -> String {
        var text = ""
        for byte in decoded {
            if PathByte.isRawSegmentByte(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = [PathByte.hexDigit(byte >> 4), PathByte.hexDigit(byte & 15)]
                text += "%" + String(decoding: digits, as: UTF8.self)
            }
        }
        return text
    }

    // MARK: Hosts

    private func hostNames(_ number: Int) -> [String] {
        // One more than can be taken by routes for exactly such a host.
        let labels = (0...trie.hosts.exact.count).map(SampleText.word)
        let own = trie.hosts.pattern(number).map { [$0] } ?? []
        let names = (own + accepted.patterns).flatMap { pattern in
            let text = String(decoding: pattern.text, as: UTF8.self)
            return pattern.isWildcard ? labels.map { $0 + text } : [text]
        }
        // A wildcard can take all of `.test`; none takes a name of one label.
        let any =
            accepted.patterns.isEmpty && own.isEmpty ? labels.map { $0 + ".test" } + labels : []
        return (names + any).filter { accepted.accepts(Array($0.utf8).span) }
    }

    private static let maximumAttempts = 500
    private static let maximumSamples = 2000
}
