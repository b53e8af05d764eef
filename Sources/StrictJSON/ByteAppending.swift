extension [UInt8] {
    /// Appends bytes where they are to be, in one piece.
    package mutating func append(copying bytes: Span<UInt8>) {
        // INVARIANT (lent for the call): the bytes are copied before the pointer's scope ends.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
