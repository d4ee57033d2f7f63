/// Finds the word somebody meant to write.
enum Suggestion {
    /// The candidate that is at most two edits away (one for words of up to four characters), the nearest first.
    static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let limit = word.count <= 4 ? 1 : 2
        return candidates.map { (distance: distance(word, $0), word: $0) }
            .filter { $0.distance <= limit }
            .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
    }

    /// `; did you mean 'x'?`, or the list of what is possible.
    static func clause(for word: String, among candidates: [String]) -> String {
        if let nearest = nearest(to: word, among: candidates) { return "; did you mean '\(nearest)'?" }
        return "; known here: \(candidates.sorted().joined(separator: ", "))"
    }

    /// Edits of one character, a swap of neighbours counted as one (optimal string alignment).
    static func distance(_ left: String, _ right: String) -> Int {
        // Bounds the work: no key is that long.
        let left = Array(left.lowercased().unicodeScalars.prefix(64))
        let right = Array(right.lowercased().unicodeScalars.prefix(64))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var best = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
