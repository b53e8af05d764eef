internal import ReverseProxy

/// The media type of a request's body (RFC 9110 § 8.3.1), where it is one that we read.
enum MediaType: Equatable {
    case json
    case form

    /// - Returns: nil without exactly one `Content-Type`, for any other type, for a charset other than
    ///   UTF-8, and for an encoded body.
    init?(of request: LocalRequest) {
        guard request.values("content-encoding").allSatisfy({ $0.lowercased() == "identity" })
        else { return nil }
        let values = request.values("content-type")
        guard values.count == 1, let value = values.first else { return nil }
        let parts = value.split(separator: ";", omittingEmptySubsequences: false)
            .map { Self.trimmed($0).lowercased() }
        switch parts.first {
        case "application/json": self = .json
        case "application/x-www-form-urlencoded": self = .form
        default: return nil
        }
        for parameter in parts.dropFirst() {
            guard parameter.hasPrefix("charset=") else { continue }
            guard ["charset=utf-8", "charset=\"utf-8\""].contains(parameter) else { return nil }
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}

extension LocalRequest {
    /// The values of all fields of that name, which is in lower case.
    func values(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }
}
