import AccessPolicy
import Testing

@Suite struct RouteSelectionTests {
    /// The ids of the routes are their numbers.
    private func policy(_ matches: String...) throws -> PolicySet {
        let routes = matches.enumerated().map {
            "{id: r\($0.offset), match: \"\($0.element)\", allow: {role: viewer}}"
        }
        return try load(policyText(routes: routes.joined(separator: "\n")))
    }

    @Test("GET implies HEAD, and nothing else does")
    func getImpliesHead() throws {
        let policy = try policy("GET /a", "POST /b")
        #expect(try policy.routeID("GET /a") == "r0")
        #expect(try policy.routeID("HEAD /a") == "r0")
        #expect(try policy.routeID("POST /a") == nil)
        #expect(try policy.routeID("HEAD /b") == nil)
    }

    @Test("ANY means the seven methods, and handshakes", arguments: Method.allCases)
    func anyMethod(method: Method) throws {
        #expect(try policy("ANY /a").routeID("\(method.name) /a") == "r0")
    }

    @Test("methods are joined by a bar")
    func joinedMethods() throws {
        let policy = try policy("POST|PUT|DELETE /a")
        #expect(try policy.routeID("PUT /a") == "r0")
        #expect(try policy.routeID("DELETE /a") == "r0")
        #expect(try policy.routeID("PATCH /a") == nil)
    }

    @Test("a final ** matches zero or more segments", arguments: ["/x", "/x/", "/x/y", "/x/y/z/"])
    func rest(path: String) throws {
        #expect(try policy("GET /x/**").routeID("GET \(path)") == "r0")
        #expect(try policy("GET /**").routeID("GET \(path)") == "r0")
    }

    @Test("** matches the root", arguments: ["/", "/a"])
    func restOfRoot(path: String) throws {
        #expect(try policy("GET /**").routeID("GET \(path)") == "r0")
    }

    @Test("** stays below its prefix", arguments: ["/", "/xy", "/y/x", "/X", "/x;y", "/x%20"])
    func restPrefix(path: String) throws {
        #expect(try policy("GET /x/**").routeID("GET \(path)") == nil)
    }

    @Test("{name} and * match exactly one segment that is not empty", arguments: ["{v}", "*"])
    func oneSegment(placeholder: String) throws {
        let policy = try policy("GET /x/\(placeholder)")
        #expect(try policy.routeID("GET /x/y") == "r0")
        #expect(try policy.routeID("GET /x/%20;a") == "r0")
        #expect(try policy.routeID("GET /x") == nil)
        #expect(try policy.routeID("GET /x/") == nil)
        #expect(try policy.routeID("GET /x/y/") == nil)
        #expect(try policy.routeID("GET /x/y/z") == nil)
    }

    @Test("a trailing slash is significant")
    func trailingSlash() throws {
        let policy = try policy("GET /a", "GET /b/", "GET /{v}/c/")
        #expect(try policy.routeID("GET /a") == "r0")
        #expect(try policy.routeID("GET /a/") == nil)
        #expect(try policy.routeID("GET /b/") == "r1")
        #expect(try policy.routeID("GET /b") == nil)
        #expect(try policy.routeID("GET /x/c/") == "r2")
        #expect(try policy.routeID("GET /x/c") == nil)
    }

    @Test("the root is a pattern of its own")
    func root() throws {
        let policy = try policy("GET /")
        #expect(try policy.routeID("GET /") == "r0")
        #expect(try policy.routeID("GET /a") == nil)
    }

    @Test("paths are case-sensitive")
    func caseSensitive() throws {
        let policy = try policy("GET /admin")
        #expect(try policy.routeID("GET /Admin") == nil)
    }

    @Test("a literal matches every spelling of its text, escaped or raw")
    func literalSpelling() throws {
        let policy = try policy("GET /a:b/**", "GET /caf%C3%A9")
        #expect(try policy.routeID("GET /a:b") == "r0")
        #expect(try policy.routeID("GET /a%3Ab/c") == "r0")
        #expect(try policy.routeID("GET /%61%3ab/c") == "r0")
        #expect(try policy.routeID("GET /caf%c3%a9") == "r1")
        #expect(try policy.routeID("GET /cafe%CC%81") == nil)
    }

    @Test("literal beats variable beats * beats **, from the left")
    func specificity() throws {
        let policy = try policy(
            "GET /a/**", "GET /a/*", "GET /a/{v}", "GET /a/b", "GET /{v}/b", "GET /*/c",
            "GET /**", "GET /{v}/**")
        #expect(try policy.routeID("GET /a/b") == "r3")
        #expect(try policy.routeID("GET /a/x") == "r2")
        #expect(try policy.routeID("GET /a") == "r0")
        #expect(try policy.routeID("GET /a/x/y") == "r0")
        #expect(try policy.routeID("GET /z/b") == "r4")
        #expect(try policy.routeID("GET /z/c") == "r7")
        #expect(try policy.routeID("GET /") == "r6")
    }

    @Test("a * beats ** and loses to a variable")
    func wildcards() throws {
        let policy = try policy("GET /*/x", "GET /{v}/y", "GET /**")
        #expect(try policy.routeID("GET /a/x") == "r0")
        #expect(try policy.routeID("GET /a/y") == "r1")
        #expect(try policy.routeID("GET /a/z") == "r2")
    }

    @Test("the end of a path beats **")
    func end() throws {
        let policy = try policy("GET /a/**", "GET /a")
        #expect(try policy.routeID("GET /a") == "r1")
        #expect(try policy.routeID("GET /a/") == "r0")
    }

    @Test("a more specific pattern that does not match in the end is given up")
    func backtracking() throws {
        let policy = try policy("GET /a/b/c", "GET /a/{v}/d", "GET /{v}/b/e", "GET /**")
        #expect(try policy.routeID("GET /a/b/d") == "r1")
        #expect(try policy.routeID("GET /a/b/e") == "r2")
        #expect(try policy.routeID("GET /a/b/f") == "r3")
    }

    @Test("a named method beats ANY on the same path, and only there")
    func methodSpecificity() throws {
        let policy = try policy("ANY /a", "GET /a", "ANY /b", "GET /**")
        #expect(try policy.routeID("GET /a") == "r1")
        #expect(try policy.routeID("HEAD /a") == "r1")
        #expect(try policy.routeID("POST /a") == "r0")
        #expect(try policy.routeID("GET /b") == "r2")
    }

    @Test("a route for another method does not hide a less specific one")
    func otherMethod() throws {
        let policy = try policy("GET /a/b", "POST /a/**")
        #expect(try policy.routeID("POST /a/b") == "r1")
        #expect(try policy.routeID("GET /a/b") == "r0")
        #expect(try policy.routeID("DELETE /a/b") == nil)
    }

    @Test("the order of the file does not matter")
    func order() throws {
        let matches = ["GET /a/**", "GET /a/{v}", "GET /a/b", "ANY /a/b", "GET /**"]
        for path in ["/a", "/a/b", "/a/c", "/a/b/c", "/z"] {
            var chosen: Set<String> = []
            for shift in matches.indices {
                let routes = matches.indices.map { index in
                    let number = (index + shift) % matches.count
                    return "{id: r\(number), match: \"\(matches[number])\"}"
                }
                let policy = try load(policyText(routes: routes.joined(separator: "\n")))
                chosen.insert(try policy.routeID("GET \(path)") ?? "none")
            }
            #expect(chosen.count == 1, "\(path)")
        }
    }
}
