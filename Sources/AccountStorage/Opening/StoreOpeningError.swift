/// Why the account store cannot be opened. Each is one sentence that says what to do.
package enum StoreOpeningError: Error, Sendable, Equatable {
    case full
    case readOnly
    /// Another program holds the database locked.
    case busy
    /// The first step of the database's schema that this version does not know, and its own last.
    case newerSchema(found: String, known: String)
    /// The file system's name, as in /proc/self/mountinfo.
    case networkFileSystem(String)
    case notADatabase
    case corrupt
    case failed(detail: String)
}

extension StoreOpeningError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .full:
            "the disk is full; make room on it"
        case .readOnly:
            "the data folder or its database takes no writes; make both writable for the user that "
                + "runs this program"
        case .busy:
            "another program holds the database locked; end that one"
        case .newerSchema(let found, let known):
            "a newer version has written the database (it has `\(found)`, this version ends at "
                + "`\(known)`); run that version, or restore the backup made before the upgrade"
        case .networkFileSystem(let name):
            "the data folder is on a network file system (`\(name)`), where locks and commits cannot "
                + "be trusted; move it to a local disk"
        case .notADatabase:
            "the file `\(DatabaseFile.name)` is not a database of this program; move it away, or "
                + "restore a backup"
        case .corrupt:
            "the database is damaged; restore a backup"
        case .failed(let detail):
            "the database cannot be used: \(detail)"
        }
    }
}
