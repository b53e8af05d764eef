import Cryptography
import FoundationEssentials
import GRDB

/// A value that cannot be stored as it is, or that no version of this program has stored. Holds no
/// value.
enum StoredValueError: Error, CustomStringConvertible {
    case unexpected(column: String)
    case zeroCharacter

    var description: String {
        switch self {
        case .unexpected(let column):
            "the column `\(column)` holds a value that this version does not know"
        case .zeroCharacter:
            "a text with the character U+0000 cannot be stored"
        }
    }
}

extension Row {
    func text(_ column: String) throws -> String { try decode(forColumn: column) }
    func number(_ column: String) throws -> Int64 { try decode(forColumn: column) }
    func flag(_ column: String) throws -> Bool { try decode(forColumn: column) }
    func bytes(_ column: String) throws -> [UInt8]? {
        try decode(Data?.self, forColumn: column).map { Array($0) }
    }

    func identifier<Kind>(_ column: String) throws -> Identifier<Kind> {
        guard let identifier = Identifier<Kind>(try text(column)) else {
            throw StoredValueError.unexpected(column: column)
        }
        return identifier
    }
}

/// A blob for a statement's argument.
func blob(_ bytes: [UInt8]?) -> Data? {
    bytes.map { Data($0) }
}

/// Texts end at their first U+0000 on their way into SQLite. So a text that holds one would come
/// back shorter, and would pass for another one.
func checkStorable(_ texts: String...) throws {
    for text in texts where text.utf8.contains(0) { throw StoredValueError.zeroCharacter }
}
