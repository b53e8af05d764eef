import GRDB
import TokenIssuing

// GRDB's errors can hold SQL, its arguments and whole rows: what leaves this module is made of
// result codes alone.

extension AccountStoreError {
    init(_ error: any Error, _ file: DatabaseFile) {
        if let own = error as? AccountStoreError {
            self = own
            return
        }
        switch EngineFailure(error, file) {
        case .full: self = .full
        case .readOnly: self = .readOnly
        case .busy: self = .busy
        case .notADatabase(let detail), .corrupt(let detail), .other(let detail):
            self = .failed(detail: detail)
        }
    }
}

extension StoreOpeningError {
    init(_ error: any Error, _ file: DatabaseFile) {
        if let own = error as? StoreOpeningError {
            self = own
            return
        }
        switch EngineFailure(error, file) {
        case .full: self = .full
        case .readOnly: self = .readOnly
        case .busy: self = .busy
        case .notADatabase: self = .notADatabase
        case .corrupt: self = .corrupt
        case .other(let detail): self = .failed(detail: detail)
        }
    }
}

/// What SQLite's result codes mean for us.
enum EngineFailure: Equatable {
    case full
    case readOnly
    case busy
    case notADatabase(String)
    case corrupt(String)
    case other(String)

    init(_ error: any Error, _ file: DatabaseFile) {
        switch error {
        case let error as DatabaseError:
            self.init(error.extendedResultCode, file)
        case let error as StoredValueError:
            self = .other(error.description)
        case is RowDecodingError:
            self = .other("a stored value has a form that this version does not know")
        default:
            self = .other("an error of the type `\(type(of: error))`")
        }
    }

    init(_ code: ResultCode, _ file: DatabaseFile) {
        let words = "SQLite error \(code)"
        switch code {
        case .SQLITE_FULL: self = .full
        case .SQLITE_READONLY_DBMOVED: self = .other("the database file was moved or deleted")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN: self = .readOnly
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        // Some calls, such as growing the -shm file, do not tell for lack of what they fail.
        case .SQLITE_IOERR:
            switch file.room {
            case .some: self = .other(words)
            case .none: self = .full
            case .readOnly: self = .readOnly
            }
        case .SQLITE_NOTADB: self = .notADatabase(words)
        case .SQLITE_CORRUPT: self = .corrupt(words)
        case .SQLITE_MISUSE: self = .other("the store is closed")
        default: self = .other(words)
        }
    }
}
