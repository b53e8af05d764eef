import StrictYAML

/// The one entry of `upstreams`.
struct UpstreamDocument {
    let name: Located<String>
    let profile: String?
    let relaxations: PathRelaxations

    static func read(_ file: MappingReader, _ sink: DiagnosticSink) -> UpstreamDocument? {
        guard let entries = file.entries("upstreams") else { return nil }
        guard let entry = entries.first else {
            sink.report(
                "empty_map", at: file.keyPosition("upstreams"), "`upstreams` says nothing",
                suggestion: "fill it, or remove it")
            return nil
        }
        for other in entries.dropFirst() {
            sink.report(
                "several_upstreams", at: other.keyPosition,
                "`upstreams` names a second app, `\(other.key)`: a gateway protects one",
                suggestion: "run a gateway for each, with a policy of its own")
        }
        guard NameRule.word.check(entry.key, "upstream", at: entry.keyPosition, sink) else {
            return nil
        }
        let elsewhere = "the address stands in `ostiary.yaml`"
        let reader = MappingReader(
            entry.value, path: "upstreams.\(entry.key)", keys: ["profile", "slashes", "dots"],
            hints: ["url": elsewhere, "address": elsewhere, "host": elsewhere, "port": elsewhere],
            sink)
        return UpstreamDocument(
            name: Located(value: entry.key, position: entry.keyPosition),
            profile: reader?.choice("profile", of: profiles),
            relaxations: PathRelaxations(
                mergesSlashes: reader?.choice("slashes", of: ["merge", "reject"]) == "merge",
                resolvesDots: reader?.choice("dots", of: ["resolve", "reject"]) == "resolve"))
    }

    private static let profiles = [
        "dash", "streamlit", "bokeh", "grafana", "jupyter", "marimo", "gradio", "django",
    ]
}
