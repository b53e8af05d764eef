import MeasuringInC

/// Does something so often within `measured_region`, for Callgrind to count its instructions.
enum CountedRegion {
    static func run(_ subject: Subject, _ count: Int) throws {
        // The first calls make what the others keep.
        try subject.runNow(3)
        let work = Work { try subject.runNow(count) }
        unsafe measured_region(
            { context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().perform()
            }, Unmanaged.passUnretained(work).toOpaque())
        if let failure = work.failure { throw failure }
    }

    /// What C calls.
    private final class Work {
        private let body: () throws -> Void
        private(set) var failure: (any Error)?

        init(_ body: @escaping () throws -> Void) {
            self.body = body
        }

        func perform() {
            do { try body() } catch { failure = error }
        }
    }
}
