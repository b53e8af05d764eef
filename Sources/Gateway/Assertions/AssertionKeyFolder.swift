import Cryptography
private import Glibc
import StrictYAML
import TokenIssuing

/// Keys of assertions that the gateway makes and replaces itself: `keys/assertion` in the data folder, each in
/// a file that is called after the moment at which it was made and after its key ID.
///
/// Several processes may work on one folder, servers and the command line: whoever changes something holds
/// its lock, and whoever reads sees whole files.
struct AssertionKeyFolder: Sendable {
    let data: ConfiguredFile
    let schedule: AssertionKeySchedule

    var path: String { "\(data.path)/keys/assertion" }

    /// A key with its file.
    private struct Member {
        let name: String
        let madeAt: Int64
        let key: SigningKey
    }

    /// The keys as they are now; nil when there is none yet. Writes nothing.
    func read(now: Int64) throws(Diagnostics) -> AssertionKeys? {
        try keys(members(), now)
    }

    /// The keys as they are now, after what is due: a key is made, retired ones are removed.
    func renew(now: Int64) throws(Diagnostics) -> AssertionKeys {
        let current = FileContents.exists(path) ? try members() : []
        if !isWorkDue(current, now), let keys = keys(current, now) { return keys }
        return try change { members throws(Diagnostics) in
            if members.isEmpty {
                members = [try first(now)]
            } else if schedule.isDue(members.map(\.madeAt), now: now) {
                members.append(try make(at: now, after: members))
            }
            try removeRetired(&members, now)
            return try required(members, now)
        }
    }

    /// Makes the next key, which signs when it has been published for long enough. Where there is such a key
    /// already, nothing changes.
    func rotate(now: Int64) throws(Diagnostics) -> AssertionKeys {
        try change { members throws(Diagnostics) in
            let stages = schedule.stages(of: members.map(\.madeAt), now: now)
            if members.isEmpty {
                members = [try first(now)]
            } else if stages.last != .next {
                members.append(try make(at: now, after: members))
            }
            try removeRetired(&members, now)
            return try required(members, now)
        }
    }

    /// Makes a key that signs at once, and removes all others: nothing that they have signed counts any more
    /// for whoever looks at the published keys.
    func replace(now: Int64) throws(Diagnostics) -> AssertionKeys {
        try change { members throws(Diagnostics) in
            let key = try first(now)
            for member in members { try remove(member) }
            members = [key]
            return try required(members, now)
        }
    }

    private func isWorkDue(_ members: [Member], _ now: Int64) -> Bool {
        let made = members.map(\.madeAt)
        return schedule.isDue(made, now: now)
            || schedule.stages(of: made, now: now).contains(.retired)
    }

    private func keys(_ members: [Member], _ now: Int64) -> AssertionKeys? {
        let stages = schedule.stages(of: members.map(\.madeAt), now: now)
        return AssertionKeys(
            zip(members, stages).map { member, stage in
                AssertionKeys.Entry(
                    key: member.key, signsFrom: member.madeAt + schedule.announcement, stage: stage)
            })
    }

    private func required(
        _ members: [Member], _ now: Int64
    ) throws(Diagnostics) -> AssertionKeys {
        guard let keys = keys(members, now) else {
            throw data.failure("cannot be used", "there is no key in `\(path)`")
        }
        return keys
    }

    /// Runs `body` with what the folder holds, while nobody else changes it.
    private func change(
        _ body: (inout [Member]) throws(Diagnostics) -> AssertionKeys
    ) throws(Diagnostics) -> AssertionKeys {
        do throws(FileProblem) {
            try SecretFile.makeFolder(path)
        } catch {
            throw data.failure("cannot be used", "cannot make the folder `\(path)`: \(error)")
        }
        return try Folder.locked(path) { () throws(Diagnostics) in
            var members = try members()
            return try body(&members)
        }
    }

    private func members() throws(Diagnostics) -> [Member] {
        let names: [String]
        do throws(FileProblem) {
            guard FileContents.exists(path) else { return [] }
            try SecretFile.checkIsPrivate(folder: path)
            names = try Folder.names(in: path, suffix: ".pem")
        } catch {
            throw data.failure("cannot be used", "cannot use the folder `\(path)`: \(error)")
        }
        let sink = DiagnosticSink()
        let members = names.compactMap { name in
            do throws(FileProblem) {
                return try Self.read(name, in: path)
            } catch {
                sink.report(
                    "assertion_key", at: nil,
                    "the key of assertions `\(path)/\(name)` cannot be used: \(error)")
                return nil
            }
        }
        try sink.throwIfAny()
        return members.sorted { ($0.madeAt, $0.name) < ($1.madeAt, $1.name) }
    }

    private static func read(_ name: String, in folder: String) throws(FileProblem) -> Member {
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        guard let madeAt = Int64(digits), name.dropFirst(digits.count).first == "-" else {
            throw FileProblem(
                "its name does not begin with the time at which it was made; name a key of your own in "
                    + "`assertion.keys`")
        }
        let key = try SigningKeyFile.read("\(folder)/\(name)")
        guard key.algorithm == .es256 else {
            throw FileProblem("it is not for ES256")
        }
        return Member(name: name, madeAt: madeAt, key: key)
    }

    /// A key that signs at once.
    private func first(_ now: Int64) throws(Diagnostics) -> Member {
        try make(at: schedule.timeOfKeyThatSigns(at: now))
    }

    /// Their order must be certain: no two are made at the same second.
    private func make(at now: Int64, after members: [Member] = []) throws(Diagnostics) -> Member {
        let madeAt = members.map { $0.madeAt + 1 }.reduce(now, max)
        do {
            let key = try SigningKey.generate(.es256)
            let name = "\(madeAt)-\(key.keyID).pem"
            try SecretFile.write(key.pem(), to: "\(path)/\(name)", replacing: false)
            return Member(name: name, madeAt: madeAt, key: key)
        } catch {
            throw data.failure(
                "cannot be used", "cannot make a key of assertions in `\(path)`: \(error)")
        }
    }

    private func removeRetired(_ members: inout [Member], _ now: Int64) throws(Diagnostics) {
        let stages = schedule.stages(of: members.map(\.madeAt), now: now)
        for (member, stage) in zip(members, stages) where stage == .retired {
            try remove(member)
        }
        members = zip(members, stages).filter { $1 != .retired }.map { $0.0 }
    }

    private func remove(_ member: Member) throws(Diagnostics) {
        let file = "\(path)/\(member.name)"
        guard unsafe unlink(file) == 0 || errno == ENOENT else {
            throw data.failure(
                "cannot be used", "cannot remove `\(file)`: \(FileProblem(errno: errno))")
        }
    }
}
