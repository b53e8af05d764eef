import Cryptography
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
    package var lines: [String] { [Self.notice] + sections() }

    /// The report without its first line, and without the problems that were told elsewhere.
    package func sections(withoutProblems isTold: (String) -> Bool = { _ in false }) -> [String] {
        section("header", headerLines) + section("payload", payloadLines)
            + section("times", timeLines) + section("problems", problems.filter { !isTold($0) })
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
            if error.reason == .malformed { problems.append("token: \(Self.form(of: token))") }
            return
        }
        var algorithm: SignatureAlgorithm?
        if let header = read(token, parts.header, "header", limits: .header) {
            headerLines = JSONPrinter.lines(header)
            algorithm = header["alg"]?.string.flatMap(SignatureAlgorithm.init(joseName:))
            do throws(TokenRejection) {
                let bytes = JSONWriter.write(header)
                let header = try TokenHeader(json: bytes, count: bytes.count)
                if header.hasForeignType {
                    problems.append(
                        "header: `typ` names another kind of token than an access token")
                }
            } catch {
                problems.append("header: \(error)")
                if error.reason == .header { inspectExtensions(header) }
            }
        }
        if let payload = read(token, parts.payload, "payload", limits: .payload) {
            payloadLines = JSONPrinter.lines(payload)
            inspectClaims(payload)
        }
        if parts.signature.isEmpty {
            problems.append("signature: it is empty")
        } else if let signature = decode(token, parts.signature, "signature") {
            inspect(signature: signature, algorithm)
        }
    }

    /// What a text that does not have three parts may be, in words.
    private static func form(of token: Span<UInt8>) -> String {
        if let space = token.indices.first(where: { WhiteSpace(token[$0]) != nil }),
            let kind = WhiteSpace(token[space])
        {
            return "it has \(kind.rawValue) at byte \(space); \(WhiteSpace.advice)"
        }
        let count = token.indices.count { token[$0] == UInt8(ascii: ".") } + 1
        return switch count {
        case 1: "it has no dots, as opaque tokens have none; a JWT has three parts"
        case 2: "it has 2 parts: the signature is missing, with the dot before it"
        case 5: "it has 5 parts: it is encrypted (JWE), and only signed tokens are read"
        default: "it has \(count) parts, and a signed token has 3"
        }
    }

    /// RFC 7515 § 4.1.11: which extensions a header makes critical.
    private mutating func inspectExtensions(_ header: JSONValue) {
        let names = (header["crit"]?.array ?? []).compactMap(\.string)
        guard !names.isEmpty else { return }
        let shown = names.prefix(4).flatMap { JSONPrinter.lines(.string(String($0.prefix(40)))) }
        let more = names.count > 4 ? " and \(names.count - 4) more" : ""
        problems.append(
            "header: `crit` names \(shown.joined(separator: ", "))\(more), "
                + "and no extension is understood")
    }

    /// RSA's signatures are as long as the key's modulus, of which nothing is known here.
    private mutating func inspect(signature: [UInt8], _ algorithm: SignatureAlgorithm?) {
        guard let algorithm, let count = algorithm.signatureByteCount, signature.count != count
        else { return }
        let isDER = algorithm.isECDSA && signature.first == 0x30
        problems.append(
            "signature: it has \(signature.count) bytes, and one of \(algorithm.rawValue) has "
                + "\(count)"
                + (isDER ? "; it seems to be in DER, and a JWT has the two bare numbers" : ""))
    }

    private mutating func read(
        _ token: Span<UInt8>, _ range: Range<Int>, _ part: String, limits: JSONLimits
    ) -> JSONValue? {
        guard let bytes = decode(token, range, part) else { return nil }
        do throws(JSONError) {
            return try JSONReader.read(bytes.span, limits: limits)
        } catch {
            let subject = subject(of: error, in: bytes).map { ": \($0)" } ?? ""
            problems.append(
                "\(part): \(error.reason.rawValue)\(subject) (decoded byte \(error.offset))")
            return nil
        }
    }

    /// What is at the place where reading stopped, if it says more than the reason.
    private func subject(of error: JSONError, in bytes: [UInt8]) -> String? {
        guard bytes.indices.contains(error.offset) else { return nil }
        switch error.reason {
        case .duplicateMember: return Self.name(at: error.offset, in: bytes)
        case .unexpectedByte: return Self.shown(bytes[error.offset])
        default: return nil
        }
    }

    /// The member name that begins with the quotation mark there, as JSON.
    private static func name(at start: Int, in bytes: [UInt8]) -> String? {
        var end = start + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else { return nil }
        let text = Array(bytes[start...end])
        guard let name = try? JSONReader.read(text.span, limits: .payload).string else {
            return nil
        }
        return JSONPrinter.lines(.string(String(name.prefix(64)))).first
    }

    private static func shown(_ byte: UInt8) -> String {
        (0x21...0x7E).contains(byte) ? "`\(Unicode.Scalar(byte))`" : "byte value \(byte)"
    }

    private mutating func decode(
        _ token: Span<UInt8>, _ range: Range<Int>, _ part: String
    ) -> [UInt8]? {
        if let bytes = Base64URL.decode(token.extracting(range)) { return bytes }
        if let index = range.first(where: { !Base64URL.isDigit(token[$0]) }) {
            let space = WhiteSpace(token[index])
            let found = space?.rawValue ?? Self.shown(token[index])
            let advice = space == nil ? "" : "; \(WhiteSpace.advice)"
            problems.append(
                "\(part): \(found) at byte \(index) of the token is not base64url\(advice)")
            return nil
        }
        let advice = range.upperBound == token.count ? "; the token may have been cut off" : ""
        if range.count % 4 == 1 {
            problems.append(
                "\(part): no base64url text has a length of \(range.count) characters\(advice)")
        } else {
            problems.append(
                "\(part): the last character, at byte \(range.upperBound - 1) of the token, "
                    + "has bits that belong to no byte\(advice)")
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
                let unit = unit(of: value.number).map { "; these seem to be \($0)" } ?? ""
                problems.append(
                    "payload: the claim `\(name)` is not a time in seconds since 1970\(unit)")
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

    /// The unit in which a number too great for seconds is a time of our days.
    private func unit(of number: JSONNumber?) -> String? {
        guard let count = number?.floor else { return nil }
        let units: [(Int64, String)] = [
            (1_000, "milliseconds"), (1_000_000, "microseconds"), (1_000_000_000, "nanoseconds"),
        ]
        let century: Int64 = 100 * 366 * 86_400
        return units.first { (now - century...now + century).contains(count / $0.0) }?.1
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

/// White space that gets into a token when it is copied from a wrapped text.
private enum WhiteSpace: String {
    case space = "a space"
    case tab = "a tab"
    case lineBreak = "a line break"

    static let advice = "remove all white space from it"

    init?(_ byte: UInt8) {
        switch byte {
        case 0x20: self = .space
        case 0x09: self = .tab
        case 0x0A, 0x0D: self = .lineBreak
        default: return nil
        }
    }
}
