import Foundation

extension Report {
    var table: String {
        var lines = ["processor: \(Machine.processorName())", ""]
        lines.append(
            "median and quartiles  | in full, µs          | plain, µs            | prepared, µs         "
                + "| full / plain          | full / prepared       | allocations")
        for figures in verifications {
            lines.append(
                [
                    "\(figures.algorithm) (\(figures.tokenBytes) bytes)".padded(21),
                    figures.whole.micro, figures.plain.micro, figures.prepared.micro,
                    figures.ratioToPlain.plain, figures.ratioToPrepared.plain,
                    figures.allocations.text(1),
                ].joined(separator: " | "))
            let others = [
                ("by jwt-kit", figures.jwtKit, figures.ratioToJWTKit),
                ("from a loop", figures.jwtKitFromThread, figures.ratioToJWTKitFromThread),
            ]
            for case (let name, let time?, let ratio?) in others {
                lines.append(
                    "\(figures.algorithm) \(name)".padded(21)
                        + " | \(time.micro) | our rate is \(ratio.plain) times that")
            }
            lines.append(
                "  without principal".padded(21) + " | \(figures.verificationOnly.micro)"
                    + (figures.verificationOnlyToJWTKit.map {
                        " | \($0.plain) times jwt-kit's rate"
                    } ?? "")
                    + (figures.verificationOnlyToJWTKitFromThread.map {
                        " | \($0.plain) from a loop"
                    } ?? ""))
        }
        lines.append("")
        for figures in [cacheHit] + garbage {
            lines.append(
                figures.name.padded(36) + " | \(figures.nanoseconds.micro) µs | "
                    + "\(figures.allocations.text(1)) allocations")
        }
        lines += ["", floodLine, ""]
        for target in targets {
            lines.append(
                "\(target.isMet ? "met   " : "MISSED") \(target.what): \(target.measured.text(2)), "
                    + "\(target.bound) \(target.limit.text(2))")
        }
        return lines.joined(separator: "\n")
    }

    private var floodLine: String {
        "\(flood.badTokens) bad tokens: \(flood.residentBefore / 1024) KiB before, "
            + "\(flood.residentAfter / 1024) KiB after, \(flood.goodTokensForgotten) of "
            + "\(flood.goodTokens) good tokens forgotten, "
            + "\((flood.nanosecondsPerBadToken / 1000).text(2)) µs each"
    }

    func write(to file: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(Document(self)).write(to: URL(filePath: file))
    }

    private struct Document: Encodable {
        let processor: String
        let targets: [Target]
        let nanoseconds: [String: [Double]]
        let ratios: [String: [Double]]
        let allocations: [String: Double]

        init(_ report: Report) {
            var nanoseconds: [String: [Double]] = [:]
            var ratios: [String: [Double]] = [:]
            var allocations: [String: Double] = [:]
            for figures in report.verifications {
                let name = figures.algorithm
                nanoseconds["verify/\(name)"] = figures.whole.list
                nanoseconds["bare-plain/\(name)"] = figures.plain.list
                nanoseconds["bare-prepared/\(name)"] = figures.prepared.list
                nanoseconds["jwt-kit/\(name)"] = figures.jwtKit?.list
                nanoseconds["verify-only/\(name)"] = figures.verificationOnly.list
                ratios["jwt-kit/verify-only \(name)"] = figures.verificationOnlyToJWTKit?.list
                ratios["jwt-kit-from-thread/verify-only \(name)"] =
                    figures.verificationOnlyToJWTKitFromThread?.list
                ratios["full/plain \(name)"] = figures.ratioToPlain.list
                ratios["full/prepared \(name)"] = figures.ratioToPrepared.list
                nanoseconds["jwt-kit-from-thread/\(name)"] = figures.jwtKitFromThread?.list
                ratios["jwt-kit/full \(name)"] = figures.ratioToJWTKit?.list
                ratios["jwt-kit-from-thread/full \(name)"] =
                    figures.ratioToJWTKitFromThread?.list
                allocations["verify/\(name)"] = figures.allocations
            }
            for figures in [report.cacheHit] + report.garbage {
                nanoseconds[figures.name] = figures.nanoseconds.list
                allocations[figures.name] = figures.allocations
            }
            processor = Machine.processorName()
            targets = report.targets
            self.nanoseconds = nanoseconds
            self.ratios = ratios
            self.allocations = allocations
        }
    }
}

extension Quartiles {
    /// Lower quartile, median, upper quartile.
    fileprivate var list: [Double] { [lower, median, upper] }

    /// `median (lower–upper)`, in thousandths.
    fileprivate var micro: String {
        let figures = list.map { ($0 / 1000).text($0 < 10_000 ? 3 : 1) }
        return "\(figures[1]) (\(figures[0])–\(figures[2]))".padded(20)
    }

    fileprivate var plain: String {
        let figures = list.map { $0.text(3) }
        return "\(figures[1]) (\(figures[0])–\(figures[2]))".padded(21)
    }
}

extension Double {
    fileprivate func text(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
