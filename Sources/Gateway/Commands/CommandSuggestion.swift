import StrictYAML

/// What was probably meant by a word of the command line.
package enum CommandSuggestion {
    /// ``did you mean `check`?``, or what there is; nil where that would be a long list.
    package static func text(for word: String, among known: [String]) -> String? {
        didYouMean(word, in: known)
    }
}
