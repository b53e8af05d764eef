import ReverseProxy
import StrictJSON

extension LocalResponse {
    func json() throws -> JSONValue {
        try JSONReader.read(body.span, limits: JSONLimits(bytes: 1 << 20))
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the only field of that name; nil without one or with several.
    func field(_ name: String) -> String? {
        let values = fields.filter { $0.name.lowercased() == name.lowercased() }
        return values.count == 1 ? values.first?.value : nil
    }

    /// `field: code` of each error of a problem document.
    func errors() throws -> [String] {
        (try json()["errors"]?.array ?? []).map {
            "\($0["field"]?.string ?? "?"): \($0["code"]?.string ?? "?")"
        }
    }

    /// Whether this is the problem document of that reason, and says so everywhere.
    func isProblem(_ status: Int, _ reason: String, logged: String? = nil) throws -> Bool {
        let document = try json()
        return self.status == status && field("Content-Type") == "application/problem+json"
            && field("Cache-Control") == "no-store" && field("X-Content-Type-Options") == "nosniff"
            && document["type"]?.string == "urn:ostiary:problem:\(reason)"
            && document["status"]?.number?.integer == Int64(status)
            && document["reason"]?.string == reason && document["title"]?.string?.isEmpty == false
            && reasonCode == (logged ?? reason) && detail?.isEmpty == false
    }
}
