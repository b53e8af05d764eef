import StrictJSON

/// An object that is read in place says of every member what a reader says that makes all values.
enum JSONObjectInvariants {
    static func check(_ input: [UInt8], _ value: JSONValue?) throws(BrokenInvariant) {
        // What lies behind the document is another token's.
        let behind = Array(#"","x":"y"}"#.utf8)
        let object = try? JSONReader.readObject(
            input + behind, count: input.count, limits: .payload)
        guard let members = value?.members else {
            try invariant(object == nil, "what is no object is not read as one")
            return
        }
        guard let object else { throw BrokenInvariant("every object can be read in place") }
        try invariant(object.count == members.count, "it has the same members")
        try invariant(object.value == value, "it has the same value")
        for (index, member) in members.enumerated() {
            try check(object, index, member)
        }
        try invariant(
            object.index(of: JSONName("no such name in any corpus")) == nil, "and no others")
    }

    private static func check(
        _ object: JSONObject, _ index: Int, _ member: JSONMember
    ) throws(BrokenInvariant) {
        let name = JSONName(member.name)
        try invariant(object.index(of: name) == index, "a member is found by its name")
        try invariant(object.value(at: index) == member.value, "its value is the same")
        try invariant(
            object.isString(at: index) == (member.value.string != nil), "a text is known as one")
        try invariant(
            object.isNull(at: index) == (member.value == .null), "null is known as null")
        if let text = member.value.string {
            try invariant(object.isString(text, at: index), "a text is the same as itself")
            try invariant(!object.isString(text + "x", at: index), "and as no other")
        }
        guard let location = object.location(of: name) else {
            throw BrokenInvariant("a member can be located")
        }
        try check(object, location, member.value)
        for inner in member.value.members ?? [] {
            guard let within = object.location(of: JSONName(inner.name), within: location) else {
                throw BrokenInvariant("a member of a member can be located")
            }
            try check(object, within, inner.value)
        }
    }

    private static func check(
        _ object: JSONObject, _ location: JSONLocation, _ value: JSONValue
    ) throws(BrokenInvariant) {
        try invariant(object.value(at: location) == value, "what is located is the same")
        var texts: [[UInt8]] = []
        let kind = object.texts(at: location) { span in
            texts.append(span.indices.map { span[$0] })
        }
        let elements = value.array?.compactMap(\.string)
        switch kind {
        case .single:
            try invariant(texts == [value.string].map { Array(($0 ?? "").utf8) }, "one text")
            try invariant(value.string != nil, "is a text")
        case .list:
            try invariant(elements?.count == value.array?.count, "a list of texts")
            try invariant(elements?.map { Array($0.utf8) } == texts, "has these texts")
        case .none:
            try invariant(value.string == nil, "a text is never overlooked")
            try invariant(
                value.array == nil || elements?.count != value.array?.count,
                "nor is a list of texts")
        }
    }
}
