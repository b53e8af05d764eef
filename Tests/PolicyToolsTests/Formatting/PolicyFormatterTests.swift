import Foundation
import StrictYAML
import TestSupport
import Testing

@testable import PolicyTools

@Suite struct PolicyFormatterTests {
    @Test("sections come in the documented order, set apart, with their comments")
    func sections() throws {
        let text = """
            # about the file

            # routes
            routes:   # all
            - {id: a, match: GET /a, auth: public} # one
            # none
            version: 1
            """
        #expect(
            try PolicyFormatter.format(text, file: "p.yaml") == """
                # about the file

                # none
                version: 1

                # routes
                routes:  # all
                  - {id: a, match: GET /a, auth: public}  # one

                """)
    }

    @Test("a section whose name is quoted has the same place, and unknown ones come last")
    func quotedSections() throws {
        #expect(
            try PolicyFormatter.layOut(
                "other: 1\n'routes': []\nversion: 1", file: "x",
                order: PolicyFormatter.policySections)
                == "version: 1\n\"routes\": []\nother: 1\n")
    }

    @Test("one-line routes that follow each other stand in columns")
    func columns() throws {
        let text = """
            version: 1
            routes:
            - {id: assets, match: GET /assets/**, auth: public}
            - { id: ui, match: 'GET /**' , auth: public }

            - {id: x, match: GET /x, auth: public}
            """
        #expect(
            try PolicyFormatter.format(text, file: "p.yaml") == """
                version: 1

                routes:
                  - {id: assets, match: GET /assets/**, auth: public}
                  - {id: ui,     match: "GET /**",      auth: public}

                  - {id: x, match: GET /x, auth: public}

                """)
    }

    @Test("tests of a policy: a long row is written as it is and does not widen the others")
    func tests() throws {
        let text = """
            cases:
              - {as: alice, GET: /users/alice/home, expect: allow, route: user-space}
              - {as: anonymous, GET: /api/x, expect: 401}
              - {as: root, GET: /api/x, expect: allow, upstream_headers: {X-Auth-Roles: "admin,editor,viewer"}}
            as: {alice: {sub: alice}}
            """
        #expect(
            try PolicyFormatter.format(text, file: "p.test.yaml") == """
                as: {alice: {sub: alice}}

                cases:
                  - {as: alice,     GET: /users/alice/home, expect: allow, route: user-space}
                  - {as: anonymous, GET: /api/x,            expect: 401}
                  - {as: root, GET: /api/x, expect: allow, upstream_headers: {X-Auth-Roles: "admin,editor,viewer"}}

                """)
    }

    @Test(
        "each comment stays where it belongs",
        arguments: [
            ("a: {b: c} # t", "a: {b: c}  # t"),
            ("a: { # h\n b: c, # t\n # d\n } # e", "a:\n  # h\n  b: c  # t\n  # d\n  # e"),
            (
                "a:\n    # one\n    b: c\n    # two\n# three",
                "a:\n  # one\n  b: c\n  # two\n\n# three"
            ),
            ("a: # h\n  # l\n  b # t", "# h\n# l\na: b  # t"),
            ("a: 1 # x\nbcd: 2 # y", "a: 1    # x\nbcd: 2  # y"),
            ("a: 1   # x\n       # y\nb: 2", "a: 1  # x\n      # y\nb: 2"),
            ("a: | # t\n   x\n    y\n\nb: 1", "a: |  # t\n  x\n   y\n\nb: 1"),
            // The spaces of the last line are part of the text.
            ("a:\n- >\n  x\n     \n-\n  b: 1", "a:\n  - >\n    x\n       \n  - b: 1"),
            ("a:\n  - >\n    x\n       \n  - b: 1", "a:\n  - >\n    x\n       \n  - b: 1"),
            ("a:\n- # e\n  b: 1", "a:\n  # e\n  - b: 1"),
            ("a:\n- b: 1\n# c\n- d: 2\n# z", "a:\n  - b: 1\n  # c\n  - d: 2\n\n# z"),
            ("a: 'x # y' # z", "a: \"x # y\"  # z"),
            ("# c\n{a: 1, # x\n b: []} # y\n# z", "# c\na: 1  # x\nb: []\n# y\n# z"),
            ("--- # c\na: 1\n... # d", "# c\na: 1\n# d"), ("? a # c\n: b", "# c\na: b"),
            ("a: [b,\n\n # c\n d]", "a:\n  - b\n\n  # c\n  - d"),
            ("a:\n - - b # c\n   - d", "a:\n  - - b  # c\n    - d"),
            ("a: \"b\n  c\"", "a: \"b c\""),
        ])
    func comments(text: String, expected: String) throws {
        #expect(try PolicyFormatter.layOut(text, file: "x", order: []) == expected + "\n")
    }

    @Test("what no longer fits in its brackets gets a line for each entry")
    func tooLong() throws {
        let long = String(repeating: "x", count: 80)
        #expect(
            try PolicyFormatter.layOut("a: {b: [\(long), y], c: {d: e}}", file: "x", order: [])
                == """
                a:
                  b: [\(long), y]
                  c: {d: e}

                """)
    }

    @Test("a file with errors is refused with all of them")
    func refused() {
        let error = #expect(throws: Diagnostics.self) {
            try PolicyFormatter.format("version: 2\nroutes:\n  - {id: 1a}\n", file: "p.yaml")
        }
        #expect((error?.all.count ?? 0) > 1)
        #expect(throws: Diagnostics.self) {
            try PolicyFormatter.format("as: {a: &b 1}", file: "p.test.yaml")
        }
    }

    @Test("formatting twice is formatting once, and changes neither values nor comments")
    func property() throws {
        let rounds = UInt64(propertyRounds(300))
        var accepted = 0
        for seed in 1...rounds {
            var random = RandomLayout(seed: seed)
            let text = random.file()
            guard (try? YAMLReader.read(text, file: "x")) != nil else { continue }
            accepted += 1
            let order = seed % 2 == 0 ? PolicyFormatter.policySections : []
            let once: String
            do {
                once = try PolicyFormatter.layOut(text, file: "x", order: order)
            } catch {
                Issue.record("seed \(seed): \(error)\n\(text)")
                return
            }
            let twice = try PolicyFormatter.layOut(once, file: "x", order: order)
            guard once.utf8.elementsEqual(twice.utf8) else {
                Issue.record("seed \(seed)\n\(text)\n--- once\n\(once)\n--- twice\n\(twice)")
                return
            }
            guard order.isEmpty else { continue }
            let comments = try [text, once].map {
                try SourceText($0, YAMLReader.parts($0, file: "x")).comments.map(\.text)
            }
            #expect(comments[0] == comments[1], "seed \(seed)")
        }
        #expect(accepted > Int(rounds) / 2)
    }

    @Test("a policy with slips of the pen is formatted faithfully, or refused for its syntax")
    func damaged() throws {
        let rounds = UInt64(propertyRounds(100))
        let slips = Array(" #:-{}[],'\"|>\n?%~x\t".unicodeScalars)
        let text = Array(SchemaSamples.everything.unicodeScalars)
        for seed in 1...rounds {
            var random = RandomLayout(seed: seed)
            var scalars = text
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<scalars.count, using: &random)
                let slip = slips[Int.random(in: 0..<slips.count, using: &random)]
                switch Int.random(in: 0..<3, using: &random) {
                case 0: scalars[place] = slip
                case 1: scalars.insert(slip, at: place)
                default: scalars.remove(at: place)
                }
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            let damaged = String(view)
            guard let tree = try? YAMLReader.read(damaged, file: "x"),
                case .mapping = tree.content
            else { continue }
            do {
                let once = try PolicyFormatter.layOut(damaged, file: "x", order: [])
                let twice = try PolicyFormatter.layOut(once, file: "x", order: [])
                #expect(once.utf8.elementsEqual(twice.utf8), "seed \(seed)")
            } catch {
                Issue.record("seed \(seed): \(error)\n\(damaged)")
                return
            }
        }
    }

    @Test("the policies of this repository are in canonical form")
    func repository() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let manager = FileManager.default
        for folder in ["policies", "examples/sample-app"] {
            let names = try manager.contentsOfDirectory(atPath: root.appending(path: folder).path)
            for name in names where name.hasSuffix(".yaml") && name != "ostiary.yaml" {
                let file = root.appending(path: "\(folder)/\(name)")
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(try PolicyFormatter.format(text, file: name) == text, "\(folder)/\(name)")
            }
        }
    }
}
