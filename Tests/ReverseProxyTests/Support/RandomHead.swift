import TestSupport

/// Heads that are nearly always nearly right.
enum RandomHead {
    static func request(_ random: inout SeededGenerator) -> String {
        let method = random.pick(["GET", "POST", "HEAD", "G", "OPTIONS"])
        let target = random.pick(["/", "/a/b?c", "*", "/" + String(repeating: "t", count: 58)])
        let version = random.pick(["1.1", "1.1", "1.1", "1.0"])
        return damaged(
            "\(method) \(target) HTTP/\(version)\r\nHost: app.test\r\n" + fields(&random), &random)
    }

    static func answer(_ random: inout SeededGenerator) -> String {
        let status = random.pick([
            "200 OK", "204 No Content", "304", "101 x", "599 ", "404 Not Found",
        ])
        let version = random.pick(["1.1", "1.1", "1.0"])
        return damaged("HTTP/\(version) \(status)\r\n" + fields(&random), &random)
    }

    private static func fields(_ random: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...7, using: &random) {
            text +=
                random.pick([
                    "Accept: */*", "Content-Length: 5", "Transfer-Encoding: chunked", "X_Y: z",
                    "Connection: close", "A:b", "B:", "Cookie: a=\u{e4}; b", "Expect: 100-continue",
                    "Connection: X-Other", "C:\t d ", "Authorization: Bearer x.y.z",
                ]) + "\r\n"
        }
        return text + "\r\n"
    }

    private static func damaged(_ text: String, _ random: inout SeededGenerator) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<random.pick([0, 0, 1, 1, 2]) {
            let place = Int.random(in: 0..<scalars.count, using: &random)
            let other = random.pick(Array("\r\n\t :\u{0}\u{7f}\u{e4}a1/".unicodeScalars))
            switch Int.random(in: 0..<3, using: &random) {
            case 0: scalars[place] = other
            case 1: scalars.remove(at: place)
            default: scalars.insert(other, at: place)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
