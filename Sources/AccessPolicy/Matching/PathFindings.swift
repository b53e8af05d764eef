/// What is noticed while a path is read, so that folding is done only where it changes something.
struct PathFindings {
    var opaque: EscapeSet = []
    var hasEscapes = false
    var hasUppercase = false
    /// Whether there is a `;`, or a segment ends with a dot.
    var mayFold = false
    /// Whether some of it was about segments that are gone.
    var isStale = false

    init() {}

    /// Of a canonical path.
    init(in bytes: [UInt8], _ segments: [Range<Int>]) {
        for range in segments {
            var index = range.lowerBound
            while index < range.upperBound {
                guard bytes[index] == UInt8(ascii: "%"),
                    let high = PathByte.hexValue(bytes[index + 1]),
                    let low = PathByte.hexValue(bytes[index + 2])
                else {
                    note(bytes[index])
                    index += 1
                    continue
                }
                hasEscapes = true
                opaque.formUnion(EscapeSet(of: high << 4 | low))
                index += 3
            }
            if let last = range.last, bytes[last] == UInt8(ascii: ".") { mayFold = true }
        }
    }

    /// Takes a byte that stands for itself.
    @inline(__always)
    mutating func note(_ byte: UInt8) {
        if PathByte.isUppercase(byte) { hasUppercase = true }
        if byte == UInt8(ascii: ";") { mayFold = true }
    }
}
