internal import Admission

/// Header lines with assertions by the token that they are about, so that a token costs a signature now and
/// then and not with each request. Belongs to one event loop.
///
/// INVARIANT (one bearer, one meaning): an entry is found by the very object that verifying the token made.
/// The token cache makes a new one whenever the token is verified anew, which a change of the policy brings
/// about for all. The entry holds the object, so that no other can have its address meanwhile.
///
/// Whether the token still counts is not asked here: only who has been admitted comes so far. Bounded by
/// entries and by bytes.
struct AssertionCache {
    private struct Entry {
        var bearer: KnownBearer?
        var line: [UInt8] = []
        /// Unix seconds. A clock that is set back must not lengthen it.
        var usable: Range<Int64> = 0..<0
    }

    /// Empty until there is something to keep: most gateways have no assertions.
    private var entries: [Entry] = []
    private let buckets: Int
    private let byteLimit: Int
    private(set) var byteCount = 0
    private var victim = 0
    private var swept = 0

    /// - Parameters:
    ///   - entries: rounded up to a power of two, at least one bucket.
    ///   - bytes: of lines.
    init(entries: Int = 16_384, bytes: Int = 16 << 20) {
        var buckets = 1
        while buckets * Self.ways < entries { buckets *= 2 }
        self.buckets = buckets
        byteLimit = bytes
    }

    var count: Int { entries.count { $0.bearer != nil } }

    func line(of bearer: KnownBearer, now: Int64) -> [UInt8]? {
        guard !entries.isEmpty else { return nil }
        let start = bucketStart(bearer)
        for index in start..<(start &+ Self.ways) where entries[index].bearer === bearer {
            return entries[index].usable.contains(now) ? entries[index].line : nil
        }
        return nil
    }

    mutating func insert(_ line: [UInt8], of bearer: KnownBearer, usableUntil: Int64, now: Int64) {
        guard line.count <= byteLimit, now < usableUntil else { return }
        if entries.isEmpty {
            entries = Array(repeating: Entry(), count: buckets * Self.ways)
        }
        let start = bucketStart(bearer)
        let index = place(in: start, bearer, now: now)
        clear(index)
        // Pressure on the bytes is rare and falls on neighbours: at most one bucket is emptied.
        if byteCount + line.count > byteLimit {
            for other in start..<(start + Self.ways) { clear(other) }
        }
        guard byteCount + line.count <= byteLimit else { return }
        entries[index] = Entry(bearer: bearer, line: line, usable: now..<usableUntil)
        byteCount += line.count
    }

    mutating func removeAll() {
        entries = []
        byteCount = 0
    }

    /// Forgets what is too old in a part of the entries. Called a few times a second, it goes over all of
    /// them within seconds, and no call takes long.
    mutating func sweep(now: Int64) {
        guard !entries.isEmpty else { return }
        for _ in 0..<min(Self.sweptAtOnce, entries.count) {
            swept = (swept + 1) % entries.count
            if entries[swept].bearer != nil, !entries[swept].usable.contains(now) { clear(swept) }
        }
    }

    private func place(in start: Int, _ bearer: KnownBearer, now: Int64) -> Int {
        let bucket = start..<(start + Self.ways)
        if let same = bucket.first(where: { entries[$0].bearer === bearer }) { return same }
        for index in bucket {
            if entries[index].bearer == nil || !entries[index].usable.contains(now) { return index }
        }
        return start + victim % Self.ways
    }

    private mutating func clear(_ index: Int) {
        guard entries[index].bearer != nil else { return }
        byteCount -= entries[index].line.count
        entries[index] = Entry()
        victim &+= 1
    }

    /// By the object's address, whose low bits are the same for all.
    @inline(__always)
    private func bucketStart(_ bearer: KnownBearer) -> Int {
        let address = UInt(bitPattern: ObjectIdentifier(bearer))
        let mixed = (address >> 4) &* 0x9E37_79B9_7F4A_7C15
        return Int(mixed >> 32) & (buckets &- 1) &* Self.ways
    }

    private static let ways = 4
    private static let sweptAtOnce = 512
}
