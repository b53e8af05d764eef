internal import Logging
private import ReverseProxy

extension Logger {
    /// A logger that writes lines of the same forms as the access log, to the same place.
    init(label: String, settings: LogSettings, sink: LogSink) {
        self.init(label: label) { _ in LineLogHandler(settings: settings, sink: sink) }
    }
}

/// One line per message: constant text, metadata as `key=value` or JSON members.
private struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let format: LogFormat
    private let sink: LogSink

    init(settings: LogSettings, sink: LogSink) {
        logLevel = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        format = settings.format
        self.sink = sink
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = (event.metadata ?? [:]).merging(metadata) { own, _ in own }
            .sorted { $0.key < $1.key }
        var line: String
        switch format {
        case .text:
            line = "\(Self.timestamp()) \(event.level) \(event.message)"
            for (key, value) in fields { line += " \(key)=\(Self.quoted("\(value)"))" }
        case .json:
            line = "{\"time\":\"\(Self.timestamp())\",\"level\":\"\(event.level)\","
            line += "\"message\":\(Self.quoted("\(event.message)"))"
            for (key, value) in fields { line += ",\"\(key)\":\(Self.json(value))" }
            line += "}"
        }
        sink.write(Array(line.utf8) + [0x0A])
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        if case .stringConvertible(let number) = value, let number = number as? Int {
            return "\(number)"
        }
        return quoted("\(value)")
    }

    /// A JSON string; whatever it holds, the line stays one line.
    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": output += "\\\(scalar)"
            case "\u{20}"..."\u{7E}", "\u{A0}"...: output.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return output + "\""
    }

    private static func timestamp() -> String {
        LogTimestamp.text(unixSeconds: UnixClock.now())
    }
}
