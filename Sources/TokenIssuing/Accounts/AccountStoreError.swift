/// Why the store did not do what it was asked. Nothing was changed.
package enum AccountStoreError: Error, Sendable, Equatable {
    case usernameTaken
    case emailTaken
    /// The disk is full.
    case full
    /// The folder, the file system or the file takes no writes.
    case readOnly
    /// Other writers did not make way in time.
    case busy
    /// Anything else; `detail` is the engine's words, without values.
    case failed(detail: String)
}

extension AccountStoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .usernameTaken: "another account has this user name"
        case .emailTaken: "another account has this e-mail address"
        case .full: "the disk is full; make room"
        case .readOnly: "the data folder takes no writes; make it writable"
        case .busy: "other writers did not make way in time; try again"
        case .failed(let detail): detail
        }
    }
}
