import StrictJSON
import StrictYAML
import TokenIssuing

/// The secrets that refresh tokens are made with: `keys/refresh.key` in the data folder, base64url in
/// one line.
///
/// They lie outside the database, so that who reads a copy of it can neither make a refresh token nor
/// compute the next one.
enum RefreshKeyFile {
    /// Reads the file; makes it when there is none. The caller holds the data folder's lock.
    static func open(_ data: ConfiguredFile) throws(Diagnostics) -> RefreshKeys {
        let folder = "\(data.path)/keys"
        let path = "\(folder)/refresh.key"
        do throws(FileProblem) {
            if !FileContents.exists(path) {
                let text = Base64URL.encodeToString(RefreshKeys.generate().span)
                try SecretFile.write(text + "\n", to: path, replacing: false)
            }
            try SecretFile.checkIsPrivate(file: path)
            let text = try FileContents.read(path, limit: 4096).filter { $0 > 0x20 }
            guard let bytes = Base64URL.decode(text.span), let keys = RefreshKeys(bytes: bytes)
            else {
                throw FileProblem(
                    "it does not hold the keys of refresh tokens; restore it from a backup, or "
                        + "remove it, which ends every session")
            }
            return keys
        } catch {
            throw data.failure("cannot be used", "cannot use `\(path)`: \(error)")
        }
    }
}
