import StrictJSON

/// What a token says and what is wrong with its form, for a person to read. Nothing is verified:
/// there is no key here, and a token without problems may still be forged.
package struct TokenInspection: Sendable {
    /// To be shown with every inspection.
    package static let notice =
        "not verified: the signature was not checked, anyone could have written this token"

    /// The header and the payload, one member a line; empty where they could not be read.
    package let headerLines: [String]
    package let payloadLines: [String]
    /// The times of the payload in UTC and relative to `now`, such as
    /// `exp: 2026-05-04 13:00:00 UTC, in 14 minutes`.
    package let timeLines: [String]
    /// Why the token would be refused whatever its signature, in the order of the token; empty when
    /// nothing is wrong with its form.
    package let problems: [String]

    /// Inspects a token.
    ///
    /// - Parameters:
    ///   - token: the text as it was found, without the scheme.
    ///   - now: Unix seconds.
    ///   - acceptedLeeway: for a token that was verified and accepted at `now`, the leeway of its
    ///     issuer's rules in seconds: times within it are no problem. Nil when nothing was accepted.
    package init(_ token: Span<UInt8>, now: Int64, acceptedLeeway: Int64? = nil) {
        var inspector = TokenInspector(now: now, acceptedLeeway: acceptedLeeway)
        inspector.inspect(token)
        headerLines = inspector.headerLines
        payloadLines = inspector.payloadLines
        timeLines = inspector.timeLines
        problems = inspector.problems
    }

    /// The whole report.
    package var lines: [String] {
        [Self.notice] + section("header", headerLines) + section("payload", payloadLines)
            + section("times", timeLines) + section("problems", problems)
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", "\(title):"] + lines.map { "  " + $0 }
    }
}

/// Goes through the parts of a token and goes on after a problem, where verification would stop.
private struct TokenInspector {
    let now: Int64
    let acceptedLeeway: Int64?
    var headerLines: [String] = []
    var payloadLines: [String] = []
    var timeLines: [String] = []
    var problems: [String] = []

    init(now: Int64, acceptedLeeway: Int64?) {
        self.now = now
        self.acceptedLeeway = acceptedLeeway
    }

    mutating func inspect(_ token: Span<UInt8>) {
        let parts: CompactToken
        do throws(TokenRejection) {
            parts = try CompactToken(token)
        } catch {
            problems.append(error.description)
            return
        }
        if let header = read(token, parts.header, "header", limits: .header) {
            headerLines = JSONPrinter.lines(header)
            do throws(TokenRejection) {
                let bytes = JSONWriter.write(header)
                let header = try TokenHeader(json: bytes, count: bytes.count)
                if header.hasForeignType {
                    problems.append(
                        "header: `typ` names another kind of token than an access token")
                }
            } catch {
                problems.append("header: \(error)")
            }
        }
        if let payload = read(token, parts.payload, "payload", limits: .payload) {
            payloadLines = JSONPrinter.lines(payload)
            inspectClaims(payload)
        }
        if parts.signature.isEmpty {
            problems.append("signature: it is empty")
        } else {
            _ = decode(token, parts.signature, "signature")
        }
    }

    private mutating func read(
        _ token: Span<UInt8>, _ range: Range<Int>, _ part: String, limits: JSONLimits
    ) -> JSONValue? {
        guard let bytes = decode(token, range, part) else { return nil }
        do throws(JSONError) {
            return try JSONReader.read(bytes.span, limits: limits)
        } catch {
            problems.append("\(part): \(error.reason.rawValue) (decoded byte \(error.offset))")
            return nil
        }
    }

    private mutating func decode(
        _ token: Span<UInt8>, _ range: Range<Int>, _ part: String
    ) -> [UInt8]? {
        if let bytes = Base64URL.decode(token.extracting(range)) { return bytes }
        if let index = range.first(where: { !Base64URL.isDigit(token[$0]) }) {
            let byte = token[index]
            let shown =
                (0x21...0x7E).contains(byte)
                ? "`\(Unicode.Scalar(byte))`" : "byte value \(byte)"
            problems.append("\(part): \(shown) at byte \(index) of the token is not base64url")
        } else if range.count % 4 == 1 {
            problems.append("\(part): no base64url text has a length of \(range.count) characters")
        } else {
            problems.append(
                "\(part): the last character, at byte \(range.upperBound - 1) of the token, "
                    + "has bits that belong to no byte")
        }
        return nil
    }

    private mutating func inspectClaims(_ payload: JSONValue) {
        guard case .object = payload else {
            problems.append("payload: it is not an object")
            return
        }
        for name in ["iss", "sub", "aud", "exp"] where payload[name] == nil {
            problems.append("payload: the claim `\(name)` is missing")
        }
        for name in ["iat", "nbf", "exp"] {
            guard let value = payload[name] else { continue }
            guard let number = value.number, !number.isNegative, let seconds = number.floor,
                let time = UTCTime(seconds)
            else {
                problems.append("payload: the claim `\(name)` is not a time in seconds since 1970")
                continue
            }
            let relative = time.relative(to: now)
            let isExpired = name == "exp" && seconds <= now
            let isEarly = name != "exp" && seconds > now
            guard isExpired || isEarly else {
                timeLines.append("\(name): \(time), \(relative)")
                continue
            }
            if let acceptedLeeway {
                timeLines.append(
                    "\(name): \(time), \(isExpired ? "expired " : "")\(relative), "
                        + "within the leeway of \(acceptedLeeway) s")
                continue
            }
            timeLines.append("\(name): \(time), \(relative)")
            problems.append(
                isExpired
                    ? "payload: the token has expired"
                    : "payload: the claim `\(name)` is in the future")
        }
        if payload["cnf"] != nil {
            problems.append("payload: the token is bound to a key by `cnf`; bearers are refused")
        }
        inspectMeaning(payload)
    }

    /// What is refused whatever the issuer's rules say: the checks of verification itself.
    private mutating func inspectMeaning(_ payload: JSONValue) {
        guard let object = JSONObject(payload) else { return }
        let claims = Claims(object)
        do throws(TokenRejection) {
            // That it is missing has been told already.
            if claims[.subject] != nil { _ = try ClaimRules.subject(claims) }
        } catch {
            problems.append("payload: \(error.detail)")
        }
        do throws(TokenRejection) {
            try ClaimRules.checkPurpose(claims)
        } catch {
            problems.append("payload: \(error.detail)")
        }
        do throws(TokenRejection) {
            try ClaimRules.checkTokenID(claims)
        } catch {
            problems.append("payload: \(error.detail)")
        }
        switch payload["aud"] {
        case nil, .string: break
        case .array(let elements) where elements.allSatisfy({ $0.string != nil }):
            if elements.isEmpty { problems.append("payload: the claim `aud` names nobody") }
        default: problems.append("payload: the claim `aud` is neither a text nor a list of texts")
        }
        guard let end = payload["exp"]?.number?.floor else { return }
        for name in ["nbf", "iat"] {
            guard let start = payload[name]?.number?.floor, start > end else { continue }
            problems.append("payload: the claim `\(name)` is later than `exp`")
        }
    }
}
