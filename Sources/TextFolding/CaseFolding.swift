private import CUnistring
private import Glibc

/// One form for all spellings of a name that people take for the same.
package enum CaseFolding {
    /// Full case folding of the text's NFC form, in NFC again (Unicode Standard § 3.13, D145).
    ///
    /// `Straße`, `STRASSE` and a decomposed spelling give the same result; so they are one name.
    package static func fold(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return "" }
        return unsafe bytes.withUnsafeBufferPointer { input in
            var count = 0
            guard
                let output = unsafe ostiary_casefold_nfc(
                    input.baseAddress, input.count, nil, &count)
            else { preconditionFailure("libunistring could not fold: no memory is left") }
            defer { unsafe free(output) }
            return unsafe String(
                decoding: UnsafeBufferPointer(start: output, count: count), as: UTF8.self)
        }
    }
}
