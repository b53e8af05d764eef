extension [UInt8] {
    /// Appends bytes where they are to be. Slices would be counted as references, and `append` asks at
    /// each byte who else holds the array.
    mutating func append(copying bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { output in
            for index in bytes.indices { output.append(bytes[index]) }
        }
    }
}
