private import Glibc

/// The date of an answer, as in `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 § 5.6.7).
enum HTTPDate {
    /// Appends the date of a Unix time in seconds.
    static func append(_ unixSeconds: Int64, to output: inout ByteWriter) {
        var parts = unsafe tm()
        var time = time_t(unixSeconds)
        unsafe gmtime_r(&time, &parts)
        output.append(days[unsafe Int(parts.tm_wday)])
        output.append(", ")
        appendTwoDigits(unsafe parts.tm_mday, to: &output)
        output.append(months[unsafe Int(parts.tm_mon)])
        output.append(number: unsafe Int64(parts.tm_year) + 1900)
        output.append(" ")
        appendTwoDigits(unsafe parts.tm_hour, to: &output)
        output.append(":")
        appendTwoDigits(unsafe parts.tm_min, to: &output)
        output.append(":")
        appendTwoDigits(unsafe parts.tm_sec, to: &output)
        output.append(" GMT")
    }

    private static func appendTwoDigits(_ number: Int32, to output: inout ByteWriter) {
        output.append(UInt8(0x30 + number / 10 % 10))
        output.append(UInt8(0x30 + number % 10))
    }

    private static let days: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months: [StaticString] = [
        " Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ", " Jul ", " Aug ", " Sep ", " Oct ",
        " Nov ", " Dec ",
    ]
}
