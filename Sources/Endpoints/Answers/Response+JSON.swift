internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import StrictJSON

extension Response {
    /// A JSON document that nobody may keep.
    init(status: HTTPResponse.Status = .ok, json: JSONValue) {
        self.init(
            status: status,
            headers: [
                .contentType: "application/json", .cacheControl: "no-store",
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(
                byteBuffer: ByteBuffer(bytes: JSONWriter.write(json) + [UInt8(ascii: "\n")])))
    }

    static var noContent: Response {
        Response(
            status: .noContent,
            headers: [.cacheControl: "no-store", .xContentTypeOptions: "nosniff"])
    }
}
