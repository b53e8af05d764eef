/// Text that another server wrote: nothing of it may act on a terminal, forge a line of a log, or fill it.
enum ForeignText {
    /// Printable ASCII, and `?` for everything else.
    static func shown(_ text: String, atMost count: Int = 64) -> String {
        let kept = text.unicodeScalars.prefix(count).map {
            (0x20...0x7E).contains($0.value) ? $0 : "?"
        }
        return String(String.UnicodeScalarView(kept))
            + (text.unicodeScalars.count > count ? "…" : "")
    }
}
