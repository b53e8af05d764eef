import Cryptography
import StrictYAML
import TokenIssuing

/// How assertions are signed, as the configuration has it.
package struct AssertionSettings: Sendable {
    /// Files with private keys, of which the first signs and all are published; empty: the gateway makes
    /// its own.
    package let keys: [ConfiguredFile]
    /// Seconds from one key to the next.
    package let rotation: Int64
}

/// Where the keys of assertions come from.
enum AssertionKeySource: Sendable {
    case folder(AssertionKeyFolder)
    /// Never empty.
    case files([ConfiguredFile])

    init(_ trust: TrustConfiguration) {
        let settings = trust.assertion
        self =
            settings.keys.isEmpty
            ? .folder(
                AssertionKeyFolder(
                    data: trust.dataFolder,
                    schedule: AssertionKeySchedule(rotation: settings.rotation)))
            : .files(settings.keys)
    }

    /// The keys; nil where none has been made yet. Writes nothing.
    func read(now: Int64) throws(Diagnostics) -> AssertionKeys? {
        switch self {
        case .folder(let folder): try folder.read(now: now)
        case .files(let files): try Self.read(files)
        }
    }

    /// The keys after what is due: keys of our own are made and removed, those of others left alone.
    func renew(now: Int64) throws(Diagnostics) -> AssertionKeys {
        switch self {
        case .folder(let folder): try folder.renew(now: now)
        case .files(let files): try Self.read(files)
        }
    }

    private static func read(_ files: [ConfiguredFile]) throws(Diagnostics) -> AssertionKeys {
        let sink = DiagnosticSink()
        var entries: [AssertionKeys.Entry] = []
        for file in files {
            do throws(FileProblem) {
                let key = try SigningKeyFile.read(file.path)
                guard key.algorithm == .es256 else {
                    throw FileProblem(
                        "it is not for ES256; make one with `ostiary keys generate --out FILE`")
                }
                guard !entries.contains(where: { $0.key.keyID == key.keyID }) else {
                    throw FileProblem("it holds the same key as a file before it")
                }
                entries.append(
                    AssertionKeys.Entry(
                        key: key, signsFrom: nil, stage: entries.isEmpty ? .signing : .previous))
            } catch {
                sink.report(
                    file.origin.diagnostic(
                        "unusable_key_file", file.setting,
                        "names a key that cannot be used: `\(file.path)`: \(error)"))
            }
        }
        try sink.throwIfAny()
        guard let keys = AssertionKeys(entries) else {
            throw Diagnostics([
                Diagnostic(
                    code: "assertion_key", position: nil, message: "there is no key for assertions")
            ])
        }
        return keys
    }
}
