import Testing
import sample_app

@Suite("Answers")
struct WeatherAppTests {
    let app: WeatherApp

    init() throws {
        app = WeatherApp(try .embedded(), clock: { 1_700_000_000_000 })
    }

    @Test(
        "wrong parameters are 400 and named",
        arguments: [
            ("/api/weather?year=1999", "`year` must be one of 2012, 2013, 2014, 2015"),
            ("/api/weather?year=+2012", "`year` must be one of"),
            ("/api/weather?from=2012-02-30", "`from` must be a date such as 2012-01-31"),
            ("/api/weather?from=2013-01-02&to=2013-01-01", "`to` must not be before `from`"),
            ("/api/weather?type=hail", "`type` must be one of sun, fog, drizzle, rain, snow"),
            ("/api/weather?limit=0", "`limit` must be a whole number from 1 to 10000"),
            ("/api/weather?limit=99999999999999999999", "`limit` must be a whole number"),
            ("/api/weather?limit=1&limit=1", "`limit` is given twice"),
            ("/api/weather?lim%69t=1&limit=1", "`limit` is given twice"),
            ("/api/weather?years=2012", "`years` is not a parameter here"),
            ("/api/weather?year=%2", "the query is not valid percent-encoding"),
            ("/api/weather?year=%FF", "the query is not valid percent-encoding"),
            ("/api/summary?from=2012-01-01", "`from` is not a parameter here; known: year"),
            ("/live?interval_ms=9", "`interval_ms` must be a whole number from 10 to 60000"),
            ("/download/large", "`bytes` is missing"),
            ("/download/large?bytes=-1", "`bytes` must be a whole number"),
            ("/?year=2020", "`year` must be one of"),
        ])
    func badParameters(target: String, message: String) throws {
        let answer = app.answer(Request(method: "GET", target: target))
        #expect(answer.status == 400)
        #expect(try answer.text.contains("\"message\":\"\(message)"))
    }

    @Test(
        "filters select days",
        arguments: [
            ("", 1461), ("year=2012", 366), ("from=2015-12-30", 2), ("to=2012-01-03", 3),
            ("from=2012-02-28&to=2012-03-01", 3), ("type=snow", 23), ("year=2013&type=snow", 2),
        ])
    func filters(query: String, count: Int) throws {
        let answer = app.answer(Request(method: "GET", target: "/api/weather?" + query))
        #expect(answer.status == 200)
        #expect(try answer.text.contains("\"matching\":\(count),"))
        #expect(try answer.text.split(separator: "\"date\"").count == count + 1)
    }

    @Test("a limit cuts the list but not the count")
    func limit() throws {
        let answer = app.answer(Request(method: "GET", target: "/api/weather?limit=2"))
        #expect(try answer.text.contains("\"matching\":1461,"))
        #expect(try answer.text.split(separator: "\"date\"").count == 3)
    }

    @Test("unknown paths are 404, unknown methods 405 with Allow")
    func routing() {
        #expect(app.answer(Request(method: "GET", target: "/nothing")).status == 404)
        #expect(app.answer(Request(method: "GET", target: "/health/")).status == 404)
        let answer = app.answer(Request(method: "DELETE", target: "/api/notes"))
        #expect(answer.status == 405)
        #expect(answer.headers.contains { $0.name == "Allow" && $0.value == "GET, HEAD, POST" })
    }

    @Test("the dashboard says who is signed in, and escapes it")
    func identity() throws {
        var request = Request(method: "GET", target: "/?year=2014")
        #expect(try app.answer(request).text.contains("Nobody is signed in"))
        request.user = "<al&ice>"
        request.roles = ["viewer"]
        let page = try app.answer(request).text
        #expect(page.contains("Signed in as <strong>&lt;al&amp;ice&gt;</strong>"))
        #expect(page.contains("<span class=\"badge\">viewer</span>"))
        #expect(!page.contains("admin/stats"))
        request.roles = ["admin", "viewer"]
        #expect(try app.answer(request).text.contains("admin/stats"))
    }

    @Test("the dashboard refers to nothing on other hosts")
    func noForeignReferences() throws {
        let page = try app.answer(Request(method: "GET", target: "/")).text
        #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("=\"//"))
    }

    @Test("notes are kept with their author, newest first, at most fifty")
    func notes() throws {
        var request = Request(method: "POST", target: "/api/notes")
        request.contentType = "application/json; charset=utf-8"
        request.user = "alice"
        for number in 1...51 {
            request.body = Array("{\"text\":\"note \(number) \\u00e9 \\ud83d\\ude00\"}".utf8)
            #expect(app.answer(request).status == 201)
        }
        let list = try app.answer(Request(method: "GET", target: "/api/notes")).text
        #expect(
            list.hasPrefix("{\"notes\":[{\"id\":51,\"author\":\"alice\",\"text\":\"note 51 é 😀\""))
        #expect(list.split(separator: "\"id\"").count == 51)
        #expect(!list.contains("\"id\":1,"))
    }

    @Test(
        "a body that is no note is 400",
        arguments: [
            "", "{}", "[]", "{\"text\":1}", "{\"text\":\"\"}", "{\"text\":\"a\",\"b\":\"c\"}",
            "{\"text\":\"a\"}x", "{\"text\":\"\\ud800\"}", "{\"text\":\"a\nb\"}",
            "{\"note\":\"a\"}",
            "{\"text\":\"" + String(repeating: "a", count: 501) + "\"}",
        ])
    func badNotes(body: String) {
        var request = Request(method: "POST", target: "/api/notes")
        request.contentType = "application/json"
        request.body = Array(body.utf8)
        #expect(app.answer(request).status == 400)
    }

    @Test("a live event carries the time at which it was made, and a day")
    func live() throws {
        var feed = LiveFeed(try .embedded(), interval: 1000, count: 2)
        let event = feed.next(now: 1_700_000_000_123)
        let first = try #require(event)
        #expect(first.hasPrefix("retry: 2000\nid: 1\ndata: {\"at\":1700000000123,\"number\":1,"))
        #expect(first.contains("\"date\":\"2012-01-01\""))
        #expect(first.hasSuffix("}\n\n"))
        let second = feed.next(now: 5)
        #expect(second?.hasPrefix("id: 2\ndata: {\"at\":5,") == true)
        let third = feed.next(now: 6)
        #expect(third == nil)
    }

    @Test("statistics count the answers")
    func statistics() throws {
        _ = app.answer(Request(method: "GET", target: "/health"))
        _ = app.answer(Request(method: "GET", target: "/nothing"))
        let text = try app.answer(Request(method: "GET", target: "/admin/stats")).text
        #expect(text.contains("\"requests\":2,\"answers_2xx\":1,\"answers_4xx\":1"))
    }
}

extension Answer {
    /// The body, which is expected to be there as a whole.
    fileprivate var text: String {
        get throws {
            guard case .bytes(let bytes) = body else { throw NotText() }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private struct NotText: Error {}
}
