/// What one Argon2 hash costs (RFC 9106 § 3.1).
package struct Argon2Parameters: Sendable, Equatable {
    /// KiB.
    package var memory: UInt32
    /// How often the memory is gone through.
    package var passes: UInt32
    /// Independent columns of the memory; part of the result, however many threads fill them.
    package var lanes: UInt32

    /// The defaults are OWASP's: about 33 ms and 19 MiB for a hash.
    package init(memory: UInt32 = 19456, passes: UInt32 = 2, lanes: UInt32 = 1) {
        self.memory = memory
        self.passes = passes
        self.lanes = lanes
    }

    /// Whether hashes of these parameters are cheaper to guess at than those of `policy`.
    package func isWeaker(than policy: Argon2Parameters) -> Bool {
        memory < policy.memory || passes < policy.passes
    }
}

/// How much work a stored hash may ask for. Hashes are imported from other systems, and a single one
/// that wants all memory, or hours, must not stop the server.
package struct Argon2Limits: Sendable, Equatable {
    /// KiB.
    package var memory: UInt32
    /// KiB gone through in all passes together: what the time depends on.
    package var work: UInt64
    package var lanes: UInt32

    /// The defaults are 1 GiB, and 4 GiB of work: some 4 seconds.
    package init(memory: UInt32 = 1 << 20, work: UInt64 = 4 << 20, lanes: UInt32 = 16) {
        self.memory = memory
        self.work = work
        self.lanes = lanes
    }

    /// Whether the parameters are within Argon2's own bounds and these.
    func allow(_ parameters: Argon2Parameters) -> Bool {
        (1...max(lanes, 1)).contains(parameters.lanes) && parameters.passes >= 1
            && parameters.memory <= memory
            // RFC 9106 § 3.1: at least eight blocks of one KiB for each lane.
            && UInt64(parameters.memory) >= 8 * UInt64(parameters.lanes)
            && UInt64(parameters.memory) * UInt64(parameters.passes) <= work
    }
}
