import StrictJSON

/// What the reader accepts has one meaning: written and read again it is the same.
enum JSONInvariants {
    static let seeds = [
        #"{"iss":"https://issuer.test","aud":["app"],"exp":1800000600,"n":{"a":[1,2.5e-3,null]}}"#,
        #"["\u00e9\ud83d\ude00\n",true,false,-0,1e400,{"":""}]"#, #" { "a" : "b\\\"\/" } "#,
        #"[[[[[[[[0]]]]]]]]"#, #"{"a":1,"\u0061":2}"#, "\"\u{1F600}\u{E9}\"",
    ].map { Array($0.utf8) }

    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        let limits = JSONLimits.payload
        let document = read(input, limits)
        try JSONObjectInvariants.check(input, document)
        guard let value = document else { return }
        try invariant(input.count <= limits.bytes, "the limit of bytes holds")
        try checkLimits(value, depth: 0, limits)

        let written = JSONWriter.write(value)
        guard let again = read(written, JSONLimits(bytes: 8 * input.count + 8)) else {
            throw BrokenInvariant("what is written can be read")
        }
        try invariant(again == value, "what is written is read as the same value")
        try invariant(JSONWriter.write(again) == written, "writing has one result")
        try checkPeek(input, value, limits)
    }

    private static func read(_ bytes: [UInt8], _ limits: JSONLimits) -> JSONValue? {
        try? JSONReader.read(bytes.span, limits: limits)
    }

    /// Choosing an issuer before the whole is read must find what the whole says.
    private static func checkPeek(
        _ input: [UInt8], _ value: JSONValue, _ limits: JSONLimits
    ) throws(BrokenInvariant) {
        guard value.members != nil else { return }
        let issuer = value["iss"]?.string
        // The first candidate is no text that a document of these limits can hold.
        let candidates = [String(repeating: "x", count: limits.bytes + 1), issuer ?? ""]
        let found: Int?
        do throws(JSONError) {
            found = try JSONReader.peekIndex(
                of: JSONName("iss"), in: input.span, limits: limits, count: candidates.count
            ) { candidates[$0] }
        } catch {
            throw BrokenInvariant("an object can be looked into")
        }
        try invariant(
            found == (issuer == nil ? nil : 1),
            "the look ahead finds the same text, exactly where there is one")
    }

    private static func checkLimits(
        _ value: JSONValue, depth: Int, _ limits: JSONLimits
    ) throws(BrokenInvariant) {
        switch value {
        case .null, .bool, .string: break
        case .number(let number): try checkNumber(number)
        case .array(let elements):
            try invariant(depth < limits.depth, "the limit of depth holds")
            try invariant(elements.count <= limits.elements, "the limit of elements holds")
            for element in elements { try checkLimits(element, depth: depth + 1, limits) }
        case .object(let members):
            try invariant(depth < limits.depth, "the limit of depth holds")
            try invariant(members.count <= limits.members, "the limit of members holds")
            for (index, member) in members.enumerated() {
                try invariant(
                    member.name.utf8.count <= limits.nameBytes, "the limit of names holds")
                try invariant(
                    !members[..<index].contains { $0.name.hasSameBytes(as: member.name) },
                    "no two members have one name")
                try checkLimits(member.value, depth: depth + 1, limits)
            }
        }
    }

    /// Floating point is never exact enough to decide, but it must not be far from what we say.
    private static func checkNumber(_ number: JSONNumber) throws(BrokenInvariant) {
        if let integer = number.integer {
            try invariant(number.floor == integer, "a whole number is its own floor")
        }
        guard let floor = number.floor, let double = Double(number.text) else { return }
        let distance = double - Double(floor)
        let slack = max(1, Swift.abs(double) * 1e-9)
        try invariant(distance >= -slack && distance <= 1 + slack, "the floor is near the number")
    }
}
