import AccessPolicy
import Testing

/// A route is selected for the path as sent and for what a lenient server could take it for.
@Suite struct ViewSelectionTests {
    /// What the two views are, for a policy of routes `ID METHODS PATTERN`.
    private func views(
        _ routes: String..., request: String, escapes: String = "", relaxations: String = ""
    ) throws -> Views {
        let lines = routes.map { route in
            let parts = route.split(separator: " ", maxSplits: 1)
            return "{id: \(parts[0]), match: \"\(parts[1])\", path: {\(escapes)}}"
        }
        let policy = try load(policyText(routes: lines.joined(separator: "\n")))
        return try policy.views(request)
    }

    @Test("a path that is its own folded form has one view")
    func oneView() throws {
        let views = try views("x GET /x/{v}", request: "GET /x/y")
        #expect(views == Views(sent: "x", folded: ["x"], isOneView: true))
    }

    @Test("a path without a route in either view has one view: none")
    func noRoute() throws {
        #expect(
            try views("x GET /x", request: "GET /y;z")
                == Views(sent: nil, folded: [], isOneView: true))
    }

    @Test(
        "P9, P16: a spelling near a route selects that route in the folded view",
        arguments: [
            "/ADMIN/x", "/Admin/x", "/admin;a=b/x", "/admin./x", "/admin%20/x", "/admin../x",
        ])
    func nearby(path: String) throws {
        let views = try views("admin GET /admin/**", "all GET /**", request: "GET \(path)")
        #expect(views == Views(sent: "all", folded: ["admin"], isOneView: false))
    }

    @Test("P8, P9: an escape of an escape hides no letter")
    func hiddenLetters() throws {
        let views = try views(
            "admin GET /admin/**", "all GET /**", request: "GET /%2541dmin/x",
            escapes: "encoded_percent: keep")
        #expect(views == Views(sent: "all", folded: ["admin"], isOneView: false))
    }

    @Test("P16: a slash at the end makes another path as sent, and none in the folded view")
    func trailingSlash() throws {
        #expect(
            try views("a GET /a", "all GET /**", request: "GET /a/")
                == Views(sent: "all", folded: ["a"], isOneView: false))
        #expect(
            try views("a GET /a/**", request: "GET /a/")
                == Views(sent: "a", folded: ["a"], isOneView: true))
    }

    @Test("P20: one route with other bindings in the folded view is no one view")
    func bindings() throws {
        let keep = "encoded_slash: keep"
        #expect(
            try views(
                "own ANY /users/{user}/**", request: "GET /users/alice/..%2froot/p", escapes: keep)
                == Views(sent: "own", folded: ["own"], isOneView: false))
        // What no variable stands for may differ.
        #expect(
            try views(
                "own ANY /users/{user}/**", request: "GET /users/alice/a%2fb", escapes: keep)
                == Views(sent: "own", folded: ["own"], isOneView: true))
    }

    @Test("a variable keeps its case in both views")
    func variableCase() throws {
        #expect(
            try views("own GET /users/{user}", request: "GET /users/Alice")
                == Views(sent: "own", folded: ["own"], isOneView: true))
        #expect(
            try views("own GET /users/{user}", request: "GET /users/Alice%20Smith")
                == Views(sent: "own", folded: ["own"], isOneView: true))
        #expect(
            try views("own GET /users/{user}", request: "GET /users/alice;x")
                == Views(sent: "own", folded: ["own"], isOneView: false))
    }

    @Test(
        "spellings that the policy tells apart stand for themselves",
        arguments: [
            ("/a", "lower"), ("/A", "upper"), ("/b", "b"), ("/b/", "slash"), ("/c;d", "parameter"),
            ("/c", "c"),
        ])
    func spellings(path: String, route: String) throws {
        let views = try views(
            "lower GET /a", "upper GET /A", "b GET /b", "slash GET /b/", "c GET /c",
            "parameter GET /c;d", request: "GET \(path)")
        #expect(views == Views(sent: route, folded: [route], isOneView: true))
    }

    @Test("a spelling that is nobody's needs all that it could be")
    func otherSpelling() throws {
        #expect(
            try views("one GET /aB", "two GET /Ab", "all GET /**", request: "GET /AB")
                == Views(sent: "all", folded: ["one", "two"], isOneView: false))
        #expect(
            try views(
                "lower GET /x/**", "upper GET /X/**", request: "GET /X/..%2F..%2Fx/y",
                escapes: "encoded_slash: keep")
                == Views(sent: "upper", folded: ["lower", "upper"], isOneView: false))
    }

    @Test("the demand is the stricter of the two, and `required` where a view has no route")
    func demand() throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: open, match: GET /open/**, auth: public}
                    {id: some, match: GET /some/**, auth: optional, allow: {anyone: true}}
                    {id: sent, match: GET /SOME/**, auth: public}
                    {id: deep, match: "GET /open/deep/{v:int}"}
                    """))
        func auth(_ path: String) throws -> Route.Authentication {
            try policy.select(.get, host: [UInt8]().span, path: parse(path)).auth
        }
        #expect(try auth("/open/x") == .public)
        #expect(try auth("/some/x") == .optional)
        #expect(try auth("/SOME/x") == .public)
        #expect(try auth("/Some/x") == .required)
        #expect(try auth("/open/deep/1") == .required)
        #expect(try auth("/open/deep/1;x") == .required)
        #expect(try auth("/OPEN/x") == .required)
        #expect(try auth("/nothing") == .required)
    }

    @Test(
        "an escaped delimiter needs a route that allows it, in each view",
        arguments: [
            ("encoded_slash", "%2F"), ("encoded_backslash", "%5C"), ("encoded_percent", "%25"),
            ("encoded_semicolon", "%3B"), ("encoded_hash", "%23"), ("encoded_question", "%3F"),
        ])
    func escapes(key: String, escape: String) throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: keeps, match: GET /keeps/**, path: {\(key): keep}}
                    {id: plain, match: GET /**}
                    """))
        #expect(try policy.views("GET /keeps/a\(escape)b").sent == "keeps")
        for path in ["/a\(escape)b", "/Keeps/a\(escape)b", "/none\(escape)/b"] {
            #expect(throws: TargetRejection.forbiddenEscape) { try policy.views("GET \(path)") }
        }
        let others = ["%2F", "%5C", "%25", "%3B", "%23", "%3F"].filter { $0 != escape }
        for other in others {
            #expect(throws: TargetRejection.forbiddenEscape, "\(other)") {
                try policy.views("GET /keeps/a\(escape)b\(other)c")
            }
        }
    }

    @Test("the folded view's route must allow the escape too, and there must be one")
    func foldedEscapes() throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: keeps, match: GET /keeps/**, path: {encoded_slash: keep}}
                    {id: plain, match: GET /plain/**}
                    """))
        for path in ["/keeps/..%2F..%2Fplain/x", "/keeps/..%2F..%2Fother"] {
            #expect(throws: TargetRejection.forbiddenEscape) { try policy.views("GET \(path)") }
        }
    }
}

/// The ids of a selection.
struct Views: Equatable {
    let sent: String?
    let folded: [String]
    let isOneView: Bool
}

extension PolicySet {
    /// `request` is for example `GET /x`.
    func views(_ request: String, host: String = "app.test") throws -> Views {
        let parts = request.split(separator: " ", maxSplits: 1)
        let method = try #require(Method(name: parts[0]))
        let selection = try select(
            method, host: Array(host.utf8).span, path: parse(String(parts[1])))
        let folded =
            (selection.foldedRoute.map { [$0.id] } ?? [])
            + (0..<selection.furtherFoldedCount).map { furtherFoldedRoute($0, of: selection).id }
        return Views(
            sent: selection.route?.id, folded: folded.sorted(), isOneView: selection.isOneView)
    }
}
