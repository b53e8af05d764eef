import AccessPolicy
import PolicyTools
import StrictYAML

/// `ostiary policy matrix`: who may use which route.
package enum PolicyMatrixPrinting {
    package enum Format: String, Sendable, CaseIterable {
        case text, markdown, svg
    }

    /// - Parameters:
    ///   - path: nil: the built-in policy.
    ///   - format: text for terminals, a table of Markdown, or a picture.
    ///   - roles: columns; empty: strangers and every role.
    /// - Returns: the table, without its last line feed.
    /// - Throws: that there is no such role, or what is wrong with the policy.
    package static func run(
        _ path: String?, format: Format, roles: [String]
    ) throws(CommandFailure) -> String {
        let policy = try PolicyFile.loadOrBuiltIn(path)
        for role in roles where role != "anonymous" && !policy.rules.roleNames.contains(role) {
            let near = didYouMean(role, in: ["anonymous"] + policy.rules.roleNames)
            throw CommandFailure(
                "the policy \(policy.name) has no role `\(role)`" + (near.map { "; \($0)" } ?? ""))
        }
        let matrix = PolicyMatrix(policy.rules, roles: roles)
        let text =
            switch format {
            case .text: matrix.text
            case .markdown: matrix.markdown
            case .svg: matrix.picture(title: path ?? "built-in policy")
            }
        return String(text.dropLast())
    }
}

extension PolicyFile {
    static func loadOrBuiltIn(_ path: String?) throws(CommandFailure) -> LoadedPolicy {
        if let path { return try load(path) }
        return try CommandFailure.from { () throws(Diagnostics) in try LoadedPolicy.load(nil) }
    }
}
