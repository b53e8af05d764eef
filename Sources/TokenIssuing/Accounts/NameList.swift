/// Lists of role, group and permission names as accounts hold them: in ascending order of their
/// bytes, none twice. Names are compared byte for byte, as the policy does.
package enum NameList {
    package static func sorted(_ names: [String]) -> [String] {
        names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .reduce(into: []) { list, name in
                if list.last.map({ !isSame($0, name) }) ?? true { list.append(name) }
            }
    }

    package static func contains(_ names: [String], _ name: String) -> Bool {
        names.contains { isSame($0, name) }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }
}
