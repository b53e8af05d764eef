import StrictJSON

/// The values of a principal's claims, in the order of the ``IdentityModel``, and the lines that tell
/// them to the upstream.
///
/// All are in one piece: holding them costs one allocation, and comparing them counts no references.
/// UTF-8 is compared byte for byte: equal `String`s can be different bytes.
struct HeldClaims: Sendable {
    enum Value: Sendable {
        /// Where the text is in `bytes`.
        case text(Range<Int>)
        /// Where the members are; see `forEachMember`.
        case list(Range<Int>)
        case integer(Int64)
        case boolean(Bool)
    }

    /// An entry for each value, then their texts, then whatever is added.
    private var block: ByteBlock
    private var heldCount = 0

    /// - Parameters:
    ///   - count: how many claims there are.
    ///   - extra: room for what is added, in bytes.
    init(count: Int, extra: Int = 0) {
        block = ByteBlock(capacity: count * (Self.entryLength + Self.usualLength) + extra)
        block.skip(count * Self.entryLength)
    }

    var bytes: [UInt8] { block.bytes }
    /// How many bytes count.
    var byteCount: Int { block.count }

    subscript(_ number: Int) -> Value {
        let entry = number * Self.entryLength
        let (first, second) = (block.word(at: entry), block.word(at: entry + 8))
        switch first & 3 {
        case 0: return .text(Int(first >> 2)..<Int(second))
        case 1: return .list(Int(first >> 2)..<Int(second))
        case 2: return .integer(Int64(bitPattern: second))
        default: return .boolean(second != 0)
        }
    }

    private mutating func set(_ number: Int, _ value: Value) {
        let (first, second): (UInt64, UInt64) =
            switch value {
            case .text(let range): (UInt64(range.lowerBound) << 2, UInt64(range.upperBound))
            case .list(let range): (UInt64(range.lowerBound) << 2 | 1, UInt64(range.upperBound))
            case .integer(let number): (2, UInt64(bitPattern: number))
            case .boolean(let flag): (3, flag ? 1 : 0)
            }
        block.setWords(first, second, at: number * Self.entryLength)
    }

    // MARK: Holding another claim

    private mutating func hold(_ value: Value) {
        set(heldCount, value)
        heldCount += 1
    }

    mutating func hold(_ text: Span<UInt8>) { hold(Value.text(place(text))) }

    /// Makes what was placed just before a text the beginning of that text.
    mutating func lengthen(_ number: Int, by prefix: Range<Int>) {
        guard case .text(let text) = self[number], text.lowerBound == prefix.upperBound else {
            return
        }
        set(number, .text(prefix.lowerBound..<text.upperBound))
    }

    mutating func hold(_ value: ClaimValue) {
        switch value {
        case .text(let text): hold(text.string.utf8.span)
        case .list(let texts):
            let start = byteCount
            for text in texts { place(member: text.string.utf8.span) }
            holdMembers(from: start)
        case .integer(let number): hold(Value.integer(number))
        case .boolean(let flag): hold(Value.boolean(flag))
        }
    }

    /// A list of the members that were placed from `start` on.
    mutating func holdMembers(from start: Int) { hold(Value.list(start..<byteCount)) }

    /// Each member has its length before it, in eight bytes.
    mutating func place(member text: Span<UInt8>) {
        let entry = byteCount
        block.skip(8)
        block.setWord(UInt64(text.count), at: entry)
        block.append(text)
    }

    mutating func place(_ text: Span<UInt8>) -> Range<Int> {
        let start = byteCount
        block.append(text)
        return start..<byteCount
    }

    // MARK: Adding lines

    mutating func add(_ bytes: Span<UInt8>) { block.append(bytes) }

    mutating func add(_ text: StaticString) { block.append(text) }

    /// A piece, a copy of what is there, and an end of line.
    mutating func add(_ bytes: Span<UInt8>, copyOf range: Range<Int>) {
        block.append(bytes, copyOf: range)
    }

    mutating func add(copyOf range: Range<Int>) { block.append(copyOf: range) }

    mutating func cut(to earlier: Int) { block.cut(to: earlier) }

    // MARK: Comparing

    /// Whether a member that was placed from `start` on is the same text.
    func hasMember(from start: Int, _ text: Span<UInt8>) -> Bool {
        var isThere = false
        forEachMember(start..<byteCount) { isThere = isThere || isText($0, text) }
        return isThere
    }

    /// Where the members of a list are.
    func forEachMember(_ list: Range<Int>, _ body: (Range<Int>) -> Void) {
        var position = list.lowerBound
        while position < list.upperBound {
            let start = position + 8
            position = start + Int(block.word(at: position))
            body(start..<position)
        }
    }

    /// Where the first member of a list is, which is then the list of the others; nil when there is none.
    func popMember(_ list: inout Range<Int>) -> Range<Int>? {
        guard !list.isEmpty else { return nil }
        let start = list.lowerBound + 8
        let end = start + Int(block.word(at: list.lowerBound))
        list = end..<list.upperBound
        return start..<end
    }

    func isText(_ text: Range<Int>, _ other: Span<UInt8>) -> Bool {
        bytes.span.extracting(text).hasSameBytes(as: other)
    }

    private static var entryLength: Int { 16 }
    /// Room for a text, in bytes; longer ones cost another allocation.
    private static var usualLength: Int { 24 }
}
