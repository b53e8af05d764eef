import Foundation
import StrictJSON
import Testing

/// The public test vectors in the folder that OSTIARY_VECTORS names.
enum Vectors {
    private static let folder = ProcessInfo.processInfo.environment["OSTIARY_VECTORS"] ?? ""

    static var areNamed: Bool { !folder.isEmpty }
    static let reason: Comment = "OSTIARY_VECTORS names no folder of test vectors"

    /// Reads a file of vectors. A folder that is named but lacks the file fails the test.
    static func read(_ path: String) throws -> JSONValue {
        let bytes = Array(try Data(contentsOf: URL(filePath: folder).appending(path: path)))
        let limits = JSONLimits(bytes: 8 << 20, depth: 16, elements: 10_000)
        return try JSONReader.read(bytes.span, limits: limits)
    }

    /// The groups of a Wycheproof file.
    static func groups(_ name: String) throws -> [JSONValue] {
        try #require(try read("wycheproof/\(name)")["testGroups"]?.array)
    }

    /// The tests of all groups of a Wycheproof file.
    static func tests(_ name: String) throws -> [JSONValue] {
        try groups(name).flatMap { try #require($0["tests"]?.array) }
    }

    /// The paths of all files, relative to the folder.
    static func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder)
    }
}

extension JSONValue {
    /// The number of a Wycheproof test.
    var identifier: Int {
        get throws { Int(try #require(self["tcId"]?.number?.floor)) }
    }

    /// The member, a text.
    func text(_ name: String) throws -> String {
        try #require(self[name]?.string)
    }

    /// The member, bytes in hexadecimal.
    func hex(_ name: String) throws -> [UInt8] {
        let digits = try text(name).utf8.map {
            try #require(Character(Unicode.Scalar($0)).hexDigitValue)
        }
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] * 16 + digits[$0 + 1])
        }
    }
}
