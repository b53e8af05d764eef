/// Texts for examples: endless sequences, of which early members are short.
enum SampleText {
    /// `x`, `x2`, `x3`, …
    static func word(_ number: Int) -> String { number == 0 ? "x" : "x\(number + 1)" }

    static func sample(of textClass: TextClass, _ number: Int) -> String {
        switch textClass {
        case .digits: return String(number + 1)
        case .hex: return "a" + String(number, radix: 16)
        case .uuid:
            let digits = String(number, radix: 16)
            let zeros = String(repeating: "0", count: max(0, 12 - digits.count))
            return "00000000-0000-4000-8000-" + zeros + digits
        case .date:
            let (month, day) = (number / 28 % 12 + 1, number % 28 + 1)
            let year = 2000 + number / 336
            return "\(year)-" + (month < 10 ? "0" : "") + "\(month)-" + (day < 10 ? "0" : "")
                + "\(day)"
        case .word: return word(number)
        }
    }
}
