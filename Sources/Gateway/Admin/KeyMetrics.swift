import KeyDiscovery
import TokenVerification

/// The state of other issuers' keys in Prometheus' text format. Names and labels are part of the
/// public contract.
enum KeyMetrics {
    static func text(_ sources: [KeySourceStatus]) -> String {
        guard !sources.isEmpty else { return "" }
        var text = PrometheusText()
        text.family(
            "ostiary_keys_usable", "gauge",
            "Whether tokens of the issuer can be verified (1), or are answered with 503 (0).")
        for source in sources {
            text.sample(
                [("issuer", source.issuerName)], source.availability == .unavailable ? 0 : 1)
        }
        text.family(
            "ostiary_keys_stale", "gauge",
            "Whether the last refresh failed and older keys are used.")
        for source in sources {
            text.sample([("issuer", source.issuerName)], source.availability == .doubtful ? 1 : 0)
        }
        text.family("ostiary_keys_count", "gauge", "Keys in use.")
        for source in sources { text.sample([("issuer", source.issuerName)], source.keyCount) }
        text.family("ostiary_keys_skipped", "gauge", "Keys of the set that cannot verify tokens.")
        for source in sources { text.sample([("issuer", source.issuerName)], source.skippedCount) }
        text.family("ostiary_keys_age_seconds", "gauge", "Since the keys were last confirmed.")
        for source in sources {
            guard let age = source.age else { continue }
            text.sample([("issuer", source.issuerName)], Int(age.components.seconds))
        }
        text.family("ostiary_keys_refreshes_total", "counter", "Refreshes by how they ended.")
        for source in sources {
            for (result, count) in [("ok", source.succeeded), ("failed", source.failed)] {
                text.sample([("issuer", source.issuerName), ("result", result)], count)
            }
        }
        text.family(
            "ostiary_keys_sought_total", "counter",
            "Refreshes that a token with an unknown key brought about.")
        for source in sources { text.sample([("issuer", source.issuerName)], source.sought) }
        return text.text
    }
}

/// Writes Prometheus' text format 0.0.4.
struct PrometheusText {
    private(set) var text = ""
    private var name = ""

    /// Begins a family of samples.
    mutating func family(_ name: String, _ type: String, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    /// Adds a sample to the family at hand.
    mutating func sample(_ labels: [(name: String, value: String)], _ value: Int) {
        let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += list.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
