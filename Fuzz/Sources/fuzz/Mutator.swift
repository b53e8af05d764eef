import CLibFuzzer
import StrictJSON

/// Mutates tokens and PEM files below their encoding half of the time: one part is decoded, changed by
/// libFuzzer, and encoded again, so that changes reach what is within. Other inputs, and the other
/// half, libFuzzer changes as it always does.
@_cdecl("LLVMFuzzerCustomMutator")
package func mutate(
    _ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: CUnsignedInt
) -> Int {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard seed & 1 == 1,
        let mutated = mutatePart(ofToken: input, limit, seed >> 1)
            ?? mutateBody(ofPEM: input, limit),
        mutated.count <= limit
    else { return unsafe LLVMFuzzerMutate(start, count, limit) }
    for (index, byte) in mutated.enumerated() { unsafe start[index] = byte }
    return mutated.count
}

/// Nil for what is no token.
private func mutatePart(ofToken token: [UInt8], _ limit: Int, _ seed: CUnsignedInt) -> [UInt8]? {
    var parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    let number = Int(seed % 3)
    guard let decoded = Base64URL.decode(Array(parts[number]).span) else { return nil }
    let mutated = mutateWithLibFuzzer(decoded, limit * 3 / 4)
    parts[number] = Base64URL.encode(mutated.span)[...]
    return Array(parts.joined(separator: [UInt8(ascii: ".")]))
}

/// Nil for what is no PEM file with a canonical body.
private func mutateBody(ofPEM file: [UInt8], _ limit: Int) -> [UInt8]? {
    var lines = file.split(separator: UInt8(ascii: "\n"))
    guard lines.count > 2, file.starts(with: "-----BEGIN ".utf8) else { return nil }
    let body = lines[1..<(lines.count - 1)].joined().filter { $0 != UInt8(ascii: "=") }
    let digits = body.map(urlDigit)
    guard let der = Base64URL.decode(digits.span) else { return nil }
    let mutated = mutateWithLibFuzzer(der, limit / 2)
    var text = Base64URL.encode(mutated.span).map(plainDigit)
    while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
    lines.replaceSubrange(1..<(lines.count - 1), with: [text[...]])
    return Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
}

/// From the alphabet of PEM to that of base64url.
private func urlDigit(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "+"): UInt8(ascii: "-")
    case UInt8(ascii: "/"): UInt8(ascii: "_")
    default: byte
    }
}

private func plainDigit(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "-"): UInt8(ascii: "+")
    case UInt8(ascii: "_"): UInt8(ascii: "/")
    default: byte
    }
}

private func mutateWithLibFuzzer(_ bytes: [UInt8], _ limit: Int) -> [UInt8] {
    let room = max(limit, bytes.count)
    var buffer = bytes + [UInt8](repeating: 0, count: room - bytes.count)
    let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.baseAddress.map { unsafe LLVMFuzzerMutate($0, bytes.count, room) } ?? 0
    }
    return Array(buffer.prefix(count))
}
