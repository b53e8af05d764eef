internal import Admission
private import Glibc
internal import NIOCore

extension FieldFacts {
    /// What a trusted peer said about the request it passes on; a repeated field says nothing.
    func forwardedClaims(_ bytes: Span<UInt8>) -> ForwardedFields.Claims {
        func text(_ range: ByteRange, _ count: Int) -> String? {
            guard count == 1 else { return nil }
            return unsafe bytes.extracting(range.range).withUnsafeBufferPointer {
                unsafe String(decoding: $0, as: UTF8.self)
            }
        }
        return ForwardedFields.Claims(
            chain: text(forwardedFor, forwardedForCount),
            proto: text(forwardedProto, forwardedProtoCount),
            host: text(forwardedHost, forwardedHostCount))
    }
}

extension FramingFault {
    var reasonCode: ReasonCode {
        switch self {
        case .headTooLarge: .headTooLarge
        case .targetTooLong: .targetTooLong
        default: .badFraming
        }
    }
}

extension Refusal {
    /// Why there is no connection to the upstream.
    init(upstreamError error: any Error) {
        if let error = error as? ChannelError, case .connectTimeout = error {
            self.init(.upstreamTimeout, detail: "connect timed out")
        } else if let error = error as? IOError, [EMFILE, ENFILE].contains(error.errnoCode) {
            self.init(.upstreamBusy, detail: "out of file descriptors")
        } else {
            self.init(.upstreamUnreachable, detail: "connect failed")
        }
    }
}
