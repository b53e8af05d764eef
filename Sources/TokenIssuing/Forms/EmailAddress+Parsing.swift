import TextFolding

extension EmailAddress {
    /// Checks an address that somebody has typed: `local@domain` of at most 254 bytes (RFC 5321
    /// § 4.5.3.1.3 without the angle brackets), as a dot-atom and a host name. Quoted local parts and
    /// address literals are refused: hardly anybody has them, and they hide attacks on mail programs.
    package init(parsing text: String, field: String = "email") throws(FieldError) {
        guard !text.isEmpty else { throw .required(field) }
        guard text.utf8.count <= 254 else {
            throw FieldError(field, .tooLong, "must have at most 254 bytes")
        }
        let parts = text.unicodeScalars.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, Self.isLocalPart(parts[0]), Self.isDomain(parts[1]) else {
            throw FieldError(
                field, .malformed, "must be an e-mail address such as `alice@example.com`")
        }
        self.init(stored: text, folded: CaseFolding.fold(text))
    }

    private typealias Part = Substring.UnicodeScalarView.SubSequence

    private static func isLocalPart(_ part: Part) -> Bool {
        Substring(part).utf8.count <= 64
            && part.split(separator: ".", omittingEmptySubsequences: false)
                .allSatisfy { !$0.isEmpty && $0.allSatisfy(isAtomCharacter) }
    }

    /// RFC 5322 § 3.2.3 and, for the rest of Unicode, RFC 6531 § 3.3.
    private static func isAtomCharacter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? isASCIILetterOrDigit(scalar) || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
            : isPrintable(scalar)
    }

    /// At least two labels, so that a forgotten `.com` is noticed; or `localhost`.
    private static func isDomain(_ part: Part) -> Bool {
        let labels = part.split(separator: ".", omittingEmptySubsequences: false)
        return (labels.count >= 2 || Substring(part) == "localhost") && labels.allSatisfy(isLabel)
    }

    private static func isLabel(_ label: Part) -> Bool {
        (1...63).contains(Substring(label).utf8.count) && label.first != "-" && label.last != "-"
            && label.allSatisfy { scalar in
                scalar.isASCII
                    ? isASCIILetterOrDigit(scalar) || scalar == "-" : isPrintable(scalar)
            }
    }

    private static func isASCIILetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned,
            .privateUse, .surrogate:
            false
        default: true
        }
    }
}
