/// The candidate that `word` was probably meant to be, or nil when none is close.
///
/// Close means: equal but for case and `-` or `_`, or a few single-character slips (one up to four
/// characters, then one per three, at most three). The first of equally close ones wins.
package func nearest(_ word: String, in candidates: [String]) -> String? {
    guard word.unicodeScalars.count <= 100 else { return nil }
    let plain = normalized(word)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let other = normalized(candidate)
        let longest = max(plain.count, other.count)
        let allowed = longest <= 4 ? 1 : min(3, longest / 3)
        let distance = editDistance(plain, other)
        guard distance <= allowed, distance < longest, distance < (best?.distance ?? .max) else {
            continue
        }
        best = (candidate, distance)
    }
    return best?.candidate
}

/// The clause that follows a message about an unknown word.
///
/// - Returns: ``did you mean `roles`?``, or a list of what is possible when nothing is close and
///   the list is short.
package func didYouMean(_ word: String, in candidates: [String]) -> String? {
    if let nearest = nearest(word, in: candidates) { return "did you mean `\(nearest)`?" }
    guard !candidates.isEmpty, candidates.count <= 12 else { return nil }
    let list = candidates.map { "`\($0)`" }.joined(separator: ", ")
    return candidates.count == 1 ? "the only one is \(list)" : "known are \(list)"
}

private func normalized(_ word: String) -> [Unicode.Scalar] {
    word.lowercased().unicodeScalars.map { $0 == "-" ? "_" : $0 }
}

/// Insertions, deletions, replacements and swaps of neighbours, each counted once (the optimal
/// string alignment distance).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in 1...left.count {
        var current = [row]
        for column in 1...right.count {
            let isSame = left[row - 1] == right[column - 1]
            var cost = min(
                previous[column] + 1, current[column - 1] + 1,
                previous[column - 1] + (isSame ? 0 : 1))
            if row > 1, column > 1, left[row - 1] == right[column - 2],
                left[row - 2] == right[column - 1]
            {
                cost = min(cost, beforePrevious[column - 2] + 1)
            }
            current.append(cost)
        }
        beforePrevious = previous
        previous = current
    }
    return previous[right.count]
}
