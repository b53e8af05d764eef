import StrictYAML

/// A policy file as it is written, of which is known that it is sound: where things stand, and which
/// names conditions use.
struct PolicySource {
    let root: YAMLNode
    /// Roles that conditions ask for.
    private(set) var askedRoles: Set<String> = []
    /// Claims that conditions, headers, the assertion and `when_verified` name.
    private(set) var usedClaims: Set<String> = []

    init(_ root: YAMLNode) {
        self.root = root
        for route in elements("routes") { note(route["allow"]) }
        for rule in elements("deny") { note(rule["when"]) }
        for entry in Self.entries(root["defaults"]?["identity"]?["headers"]) {
            if let claim = Self.text(entry.value) { usedClaims.insert(claim) }
        }
        usedClaims.formUnion(Self.texts(root["defaults"]?["identity"]?["assertion"]?["claims"]))
    }

    func elements(_ key: String) -> [YAMLNode] {
        guard case .sequence(let elements)? = root[key]?.content else { return [] }
        return elements
    }

    func entries(_ key: String) -> [YAMLEntry] { Self.entries(root[key]) }

    /// The element of `routes` with this id.
    func route(_ id: String) -> YAMLNode? {
        elements("routes").first { $0["id"].flatMap(Self.text) == id }
    }

    static func entries(_ node: YAMLNode?) -> [YAMLEntry] {
        guard case .mapping(let entries)? = node?.content else { return [] }
        return entries
    }

    static func text(_ node: YAMLNode) -> String? {
        guard case .scalar(let scalar) = node.content else { return nil }
        return scalar.text
    }

    /// One text, or the texts of a list.
    static func texts(_ node: YAMLNode?) -> [String] {
        switch node?.content {
        case .scalar(let scalar)?: [scalar.text]
        case .sequence(let elements)?: elements.compactMap(text)
        case .mapping?, nil: []
        }
    }

    private mutating func note(_ condition: YAMLNode?) {
        for entry in Self.entries(condition) {
            switch entry.key {
            case "role": askedRoles.formUnion(Self.texts(entry.value))
            case "claim": usedClaims.formUnion(Self.entries(entry.value).map(\.key))
            case "all", "any":
                if case .sequence(let members) = entry.value.content {
                    for member in members { note(member) }
                }
            case "not": note(entry.value)
            case "scope": usedClaims.insert("scopes")
            case "acr": usedClaims.insert("acr")
            case "auth_age": usedClaims.insert("auth_time")
            default:
                for text in Self.texts(entry.value) where text.hasPrefix("claims.") {
                    usedClaims.insert(String(text.dropFirst("claims.".count)))
                }
            }
        }
    }
}
