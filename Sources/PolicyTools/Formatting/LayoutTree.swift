/// A file as it is laid out: values with the comments and empty lines around them.
indirect enum LayoutNode {
    /// A single value on one line; empty for `key:` with nothing after it.
    case inline(String)
    /// A single value over several lines: what follows the key, and the lines below it without their
    /// indentation.
    case lines(first: String, rest: [String])
    case sequence(LayoutCollection)
    case mapping(LayoutCollection)

    /// The list or mapping that this is.
    var collection: LayoutCollection? {
        switch self {
        case .inline, .lines: nil
        case .sequence(let collection), .mapping(let collection): collection
        }
    }
}

/// The entries of a list or a mapping.
struct LayoutCollection {
    var items: [LayoutItem] = []
    /// Whether it was written in brackets.
    var isFlow: Bool
    /// Comments below the last entry.
    var closing: [LeadingComment] = []
}

/// An entry of a list or a mapping.
struct LayoutItem {
    /// The key as it is written; nil in a list.
    var key: String?
    /// Comments on lines of their own above the entry.
    var leading: [LeadingComment] = []
    /// Whether an empty line precedes the entry itself.
    var followsBlank = false
    var value: LayoutNode = .inline("")
    /// The comment at the end of the entry's (first) line, and its further lines in the same column.
    var trailing: [String] = []
}

/// A comment on a line of its own.
struct LeadingComment {
    var text: String
    var followsBlank: Bool
}
