/// The drawing area of a chart: maps data to the coordinates of an SVG with a fixed view box.
struct Plot {
    /// The values at the bottom and at the top.
    let range: ClosedRange<Double>
    /// Of the whole picture; the height is always 260.
    var width = 720

    static let left = 44.0
    static let top = 12.0
    static let bottom = 230.0

    private var right: Double { Double(width - 8) }

    /// `part` is 0 at the left edge and 1 at the right one.
    func x(_ part: Double) -> Double {
        Self.left + part * (right - Self.left)
    }

    func y(_ value: Double) -> Double {
        let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return Self.bottom - part * (Self.bottom - Self.top)
    }

    /// Horizontal lines with their values.
    func grid(every step: Double, unit: String) -> String {
        var lines = ""
        var value = range.lowerBound
        while value <= range.upperBound {
            let y = coordinate(y(value))
            lines += "<line class=\"grid\" x1=\"\(Int(Self.left))\" x2=\"\(width - 8)\" "
            lines += "y1=\"\(y)\" y2=\"\(y)\"/>"
            lines += "<text class=\"axis end\" x=\"38\" y=\"\(y)\" dy=\"5\">\(Int(value))\(unit)"
            lines += "</text>"
            value += step
        }
        return lines
    }

    /// Labels below the plot, each in the middle of its equal share of the width.
    func labels(_ labels: [String]) -> String {
        labels.enumerated().map { index, label in
            let x = x((Double(index) + 0.5) / Double(labels.count))
            return "<text class=\"axis middle\" x=\"\(coordinate(x))\" y=\"250\">\(label)</text>"
        }.joined()
    }

    /// The whole picture, with a description for those who do not see it.
    func svg(title: String, content: String) -> String {
        """
        <svg class="chart" viewBox="0 0 \(width) 260" role="img" aria-label="\(escaped(title))">\
        \(content)</svg>
        """
    }

    static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

/// A coordinate with one decimal: a tenth of a pixel is enough.
func coordinate(_ value: Double) -> String {
    "\(Tenths(count: Int((value * 10).rounded())))"
}
