private import CLibcurl
private import Glibc

/// What one transfer has brought so far, and what libcurl asks while it runs.
///
/// Used by the one thread that runs the transfer.
final class Reception {
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    /// The address that was not connected to last, because it is not public.
    private(set) var refusedAddress: PeerAddress?
    private var headByteCount = 0
    private let maximumByteCount: Int
    private let allowsAnyAddress: Bool
    private let isGivenUp: @Sendable () -> Bool

    init(
        maximumByteCount: Int, allowsAnyAddress: Bool, isGivenUp: @escaping @Sendable () -> Bool
    ) {
        self.maximumByteCount = maximumByteCount
        self.allowsAnyAddress = allowsAnyAddress
        self.isGivenUp = isGivenUp
    }

    /// Has libcurl call this object, which must live as long as the handle is used; returns whether
    /// it will.
    func attach(to handle: UnsafeMutableRawPointer) -> Bool {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let codes = unsafe [
            ostiary_curl_on_body(
                handle,
                { bytes, size, count, context in
                    guard let reception = unsafe Reception.from(context) else { return 0 }
                    return unsafe reception.bodyReceived(bytes, size * count)
                }, context),
            ostiary_curl_on_header(
                handle,
                { _, size, count, context in
                    unsafe Reception.from(context)?.headReceived(size * count) ?? 0
                }, context),
            ostiary_curl_on_progress(
                handle,
                { context, _, _, _, _ in
                    unsafe Reception.from(context)?.isGivenUp() ?? true ? 1 : 0
                }, context),
            ostiary_curl_on_socket(
                handle,
                { context, _, address in
                    guard let address = unsafe address else { return CURL_SOCKET_BAD }
                    return unsafe Reception.from(context)?.openSocket(to: address)
                        ?? CURL_SOCKET_BAD
                }, context),
        ]
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Reception? {
        unsafe context.map { unsafe Unmanaged<Reception>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Anything else than the given count makes libcurl end the transfer.
    private func bodyReceived(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard count <= maximumByteCount - body.count else {
            isTooLarge = true
            return 0
        }
        let received = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
        unsafe body.append(contentsOf: received)
        return count
    }

    private func headReceived(_ count: Int) -> Int {
        headByteCount += count
        guard headByteCount <= Self.maximumHeadByteCount else {
            isTooLarge = true
            return 0
        }
        return count
    }

    /// The address here is the one that will be connected to, whatever a name resolved to before or
    /// will resolve to later: no other look-up comes between the check and the connection.
    private func openSocket(to address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let peer = unsafe address.pointee
        if !allowsAnyAddress {
            let checked = unsafe withUnsafePointer(to: &address.pointee.addr) {
                unsafe PeerAddress(socketAddress: $0, length: Int(peer.addrlen))
            }
            guard let checked, checked.refusal == nil else {
                refusedAddress = checked
                return CURL_SOCKET_BAD
            }
        }
        return socket(
            peer.family, peer.socktype | Int32(SOCK_CLOEXEC.rawValue), peer.protocol)
    }

    /// For all heads together, those of interim answers included.
    private static let maximumHeadByteCount = 64 * 1024
}
