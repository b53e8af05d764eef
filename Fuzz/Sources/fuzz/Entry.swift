import FuzzTargets
import Glibc

/// Which target this process fuzzes: the value of FUZZ_TARGET.
private let target: FuzzTarget = {
    let name = environment("FUZZ_TARGET") ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
        die("FUZZ_TARGET must be one of: \(names)")
    }
    return target
}()

// INVARIANT (one thread): libFuzzer calls the functions below from its main thread only; a process
// with several workers forks them.
nonisolated(unsafe) private let session: FuzzSession = {
    do throws(BrokenInvariant) {
        return try FuzzSession()
    } catch {
        die("\(error)")
    }
}()

/// Writes the seeds of the target into the folder FUZZ_SEEDS, before libFuzzer reads it.
@_cdecl("LLVMFuzzerInitialize")
package func initialize(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer
) -> CInt {
    // Making keys takes as long as it takes; it must not count as the time of the first input.
    _ = unsafe session
    guard let folder = environment("FUZZ_SEEDS") else { return 0 }
    do throws(BrokenInvariant) {
        for (number, seed) in try target.seeds().enumerated() {
            guard let file = unsafe fopen("\(folder)/seed-\(number)", "w") else {
                die("cannot write to \(folder)")
            }
            unsafe fwrite(seed, 1, seed.count, file)
            unsafe fclose(file)
        }
    } catch {
        die("\(error)")
    }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(BrokenInvariant) {
        try target.check(input, in: unsafe session)
    } catch {
        die("not true for this input: \(error)")
    }
    return 0
}

private func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
}

/// libFuzzer takes the abort for a crash, and keeps the input.
private func die(_ message: String) -> Never {
    let line = Array("fuzz: \(message)\n".utf8)
    _ = unsafe write(STDERR_FILENO, line, line.count)
    abort()
}
