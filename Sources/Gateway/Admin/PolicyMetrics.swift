/// The policy in force in Prometheus' text format. Names and labels are part of the public contract.
enum PolicyMetrics {
    static func text(_ policy: PolicyStatus.Snapshot) -> String {
        var text = PrometheusText()
        text.family(
            "ostiary_policy_info", "gauge", "The policy in force, by the SHA-256 of its text: 1.")
        text.sample([("sha256", policy.fingerprint)], 1)
        text.family(
            "ostiary_policy_loaded_timestamp_seconds", "gauge",
            "When the policy in force was loaded, in Unix time.")
        text.sample([], Int(policy.loadedAt))
        text.family(
            "ostiary_policy_outdated", "gauge",
            "Whether the policy file was changed to something that cannot be used (1).")
        text.sample([], policy.isOutdated ? 1 : 0)
        text.family(
            "ostiary_policy_reloads_total", "counter", "Changes of the policy by how they ended.")
        for (result, count) in [("ok", policy.succeeded), ("failed", policy.failed)] {
            text.sample([("result", result)], count)
        }
        return text.text
    }
}
