import Foundation
import GRDB
import TestSupport

/// Why tests here cannot mount file systems; nil when they can.
let mountObstacle = Mount.obstacle()

/// The files of a store in a folder.
enum StoreFiles {
    static let names = ["ostiary.sqlite", "ostiary.sqlite-wal", "ostiary.sqlite-shm"]

    /// Copies the files as they lie there, as if their writer had been killed at this moment.
    static func copy(
        _ names: [String] = names, from folder: String, to other: String
    ) throws {
        for name in names {
            try FileManager.default.copyItem(
                atPath: "\(folder)/\(name)", toPath: "\(other)/\(name)")
        }
    }

    /// Every file of the folder with its content.
    static func contents(of folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try names.reduce(into: [:]) { contents, name in
            contents[name] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }

    static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// The database as another program has it open.
    static func otherProgram(in folder: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(
            path: "\(folder)/ostiary.sqlite", configuration: configuration)
    }

    /// Runs SQL as another program would.
    static func run(_ sql: String, in folder: String) throws {
        let database = try otherProgram(in: folder)
        try database.writeWithoutTransaction { try $0.execute(sql: sql) }
        try database.close()
    }
}
