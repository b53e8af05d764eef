import StrictYAML

/// Reads `limits`: of `defaults`, and of a route. Ranges are those of the server's own settings.
enum LimitsReader {
    static func defaults(
        _ defaults: MappingReader, stated: inout [StatedLimit], _ sink: DiagnosticSink
    ) -> PolicyLimits {
        var limits = PolicyLimits()
        let keys = ["body", "headers", "header_count", "target"]
        guard let reader = defaults.mapping("limits", keys: keys) else { return limits }
        limits.body = reader.byteCount("body", in: bodies)
        limits.headers = reader.byteCount("headers", in: 1024...(1 << 20))
        limits.headerCount = reader.int("header_count", in: 10...10_000)
        limits.target = reader.byteCount("target", in: 256...(1 << 20))
        reader.state(.body, limits.body.map { .bytes($0) }, in: &stated)
        reader.state(.headers, limits.headers.map { .bytes($0) }, in: &stated)
        reader.state(.headerCount, limits.headerCount.map { .count($0) }, in: &stated)
        reader.state(.target, limits.target.map { .bytes($0) }, in: &stated)
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

    static func route(_ route: MappingReader, stated: inout [StatedLimit]) -> RouteLimits {
        let hint = "it can only be set for all routes, in `defaults.limits`"
        let reader = route.mapping(
            "limits", keys: ["body"],
            hints: ["headers": hint, "header_count": hint, "target": hint])
        let limits = RouteLimits(body: reader?.byteCount("body", in: bodies))
        reader?.state(.body, limits.body.map { .bytes($0) }, in: &stated)
        return limits
    }

    private static let bodies = 0...(1 << 40)
}

/// Reads `timeouts`: of `defaults`, and of a route.
enum TimeoutsReader {
    static func defaults(
        _ defaults: MappingReader, stated: inout [StatedLimit]
    ) -> PolicyTimeouts {
        var timeouts = PolicyTimeouts()
        let keys = ["connect", "response_header", "idle"]
        guard let reader = defaults.mapping("timeouts", keys: keys) else { return timeouts }
        timeouts.connect = reader.duration("connect", in: .milliseconds(10)...(.seconds(300)))
        timeouts.responseHeader = reader.duration("response_header", in: responses)
        timeouts.idle = reader.duration("idle", in: idling)
        reader.state(.connect, timeouts.connect.map { .time($0) }, in: &stated)
        reader.state(.responseHeader, timeouts.responseHeader.map { .time($0) }, in: &stated)
        reader.state(.idle, timeouts.idle.map { .time($0) }, in: &stated)
        return timeouts
    }

    static func route(_ route: MappingReader, stated: inout [StatedLimit]) -> RouteTimeouts {
        let reader = route.mapping(
            "timeouts", keys: ["response_header", "idle"],
            hints: ["connect": "it can only be set for all routes, in `defaults.timeouts`"])
        let timeouts = RouteTimeouts(
            responseHeader: reader?.duration("response_header", in: responses),
            idle: reader?.duration("idle", in: idling))
        reader?.state(.responseHeader, timeouts.responseHeader.map { .time($0) }, in: &stated)
        reader?.state(.idle, timeouts.idle.map { .time($0) }, in: &stated)
        return timeouts
    }

    private static let responses = Duration.milliseconds(100)...(.seconds(86_400))
    private static let idling = Duration.seconds(1)...(.seconds(604_800))
}

extension MappingReader {
    /// Keeps what the file says for comparing it with the server's configuration.
    func state(
        _ kind: StatedLimit.Kind, _ amount: StatedLimit.Amount?, in stated: inout [StatedLimit]
    ) {
        guard let amount, let position = node(kind.key)?.position else { return }
        stated.append(
            StatedLimit(kind: kind, amount: amount, name: name(kind.key), position: position))
    }
}
