import StrictYAML

/// Reads `limits`: of `defaults`, and of a route. Ranges are those of the server's own settings.
enum LimitsReader {
    static func defaults(_ defaults: MappingReader, _ sink: DiagnosticSink) -> PolicyLimits {
        var limits = PolicyLimits()
        let keys = ["body", "headers", "header_count", "target"]
        guard let reader = defaults.mapping("limits", keys: keys) else { return limits }
        limits.body = reader.byteCount("body", in: bodies)
        limits.headers = reader.byteCount("headers", in: 1024...(1 << 20))
        limits.headerCount = reader.int("header_count", in: 10...10_000)
        limits.target = reader.byteCount("target", in: 256...(1 << 20))
        if let headers = limits.headers, let target = limits.target, target > headers {
            sink.report(
                "contradiction", at: reader.node("target")?.position,
                "`\(reader.name("target"))` is \(Quantity.describe(bytes: target)), but the target is "
                    + "part of the head, for which `\(reader.name("headers"))` allows "
                    + "\(Quantity.describe(bytes: headers))",
                suggestion: "lower `target` or raise `headers`")
        }
        return limits
    }

    static func route(_ route: MappingReader) -> RouteLimits {
        let hint = "it can only be set for all routes, in `defaults.limits`"
        let reader = route.mapping(
            "limits", keys: ["body"],
            hints: ["headers": hint, "header_count": hint, "target": hint])
        return RouteLimits(body: reader?.byteCount("body", in: bodies))
    }

    private static let bodies = 0...(1 << 40)
}

/// Reads `timeouts`: of `defaults`, and of a route.
enum TimeoutsReader {
    static func defaults(_ defaults: MappingReader) -> PolicyTimeouts {
        var timeouts = PolicyTimeouts()
        let keys = ["connect", "response_header", "idle"]
        guard let reader = defaults.mapping("timeouts", keys: keys) else { return timeouts }
        timeouts.connect = reader.duration("connect", in: .milliseconds(10)...(.seconds(300)))
        timeouts.responseHeader = reader.duration("response_header", in: responses)
        timeouts.idle = reader.duration("idle", in: idling)
        return timeouts
    }

    static func route(_ route: MappingReader) -> RouteTimeouts {
        let reader = route.mapping(
            "timeouts", keys: ["response_header", "idle"],
            hints: ["connect": "it can only be set for all routes, in `defaults.timeouts`"])
        return RouteTimeouts(
            responseHeader: reader?.duration("response_header", in: responses),
            idle: reader?.duration("idle", in: idling))
    }

    private static let responses = Duration.milliseconds(100)...(.seconds(86_400))
    private static let idling = Duration.seconds(1)...(.seconds(604_800))
}
