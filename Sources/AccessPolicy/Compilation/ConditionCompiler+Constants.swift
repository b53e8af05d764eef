/// What steps compare with, each kind in one piece.
extension ConditionCompiler {
    mutating func add(_ texts: [String]) -> Range<Int> {
        let start = constants.texts.count
        for text in texts {
            let offset = constants.bytes.count
            constants.bytes += text.utf8
            constants.texts.append(offset..<constants.bytes.count)
        }
        return start..<constants.texts.count
    }

    mutating func add(_ integers: [Int64]) -> Range<Int> {
        let start = constants.integers.count
        constants.integers += integers
        return start..<constants.integers.count
    }

    mutating func add(_ ranges: [CIDR]) -> Range<Int> {
        let start = constants.ranges.count
        constants.ranges += ranges
        return start..<constants.ranges.count
    }

    mutating func add(_ window: TimeWindow) -> Int {
        constants.windows.append(window)
        return constants.windows.count - 1
    }
}
