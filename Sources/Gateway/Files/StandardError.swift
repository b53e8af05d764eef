private import Glibc

/// Lines for people on standard error.
package enum StandardError {
    /// Writes one line; line breaks inside it become spaces, so that one message stays one line.
    ///
    /// Control characters of a message, which may quote what somebody sent, are shown as `?`.
    package static func write(_ line: String) {
        var bytes = line.unicodeScalars.map { scalar in
            if scalar == "\n" { return " " as Unicode.Scalar }
            return scalar.properties.generalCategory == .control ? "?" : scalar
        }.reduce(into: [UInt8]()) { $0 += Array(String($1).utf8) }
        bytes.append(UInt8(ascii: "\n"))
        // One call, so that lines of several threads do not mix. A closed pipe is nobody listening.
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
