/// A place in a text file: line and column count from 1, columns in Unicode scalars.
package struct SourcePosition: Sendable, Equatable, CustomStringConvertible {
    /// The file's name as the user wrote it.
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, the form that editors and terminals turn into a link.
    package var description: String { "\(file):\(line):\(column)" }

    /// Whether `self` stands before `other`; only meaningful within one file.
    func precedes(_ other: SourcePosition) -> Bool {
        (line, column) < (other.line, other.column)
    }
}
