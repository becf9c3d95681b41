import Dissection
import Wire

/// Finds the bodies of HTTP messages among the frames of a run, as who asked for them got them: chunks joined, codings undone.
public struct HTTPObjects {
    /// Bytes of the last requests that are remembered, at most: beyond it all are forgotten.
    private static let requestByteLimit = 16 << 20
    /// What a request counts for beyond its bytes.
    private static let requestByteCount = 128

    private let stream, message, uri, mediaType, body: FieldID
    /// What was asked for last, by conversation.
    private var requests: [UInt32: [UInt8]] = [:]
    private var heldByteCount = 0

    public init(_ registry: Registry) {
        func field(_ name: String) -> FieldID { registry.field(named: name)?.id ?? .text }
        stream = field("tcp.stream")
        message = field("http")
        uri = field("http.request.uri")
        mediaType = field("http.content_type")
        body = field("http.file_data")
    }

    /// The fields that frames must be dissected for.
    public var wantedFields: Set<FieldID> { [stream, message, uri, mediaType, body] }

    /// Hands each object that the frame completes to `emit`, whose view is good until it returns.
    public mutating func take(_ frame: borrowing DissectedFrame, _ emit: (ObjectName, ByteView) -> Void) {
        var conversation: UInt32 = 0
        var index = 0
        while index < frame.itemCount {
            let item = frame.item(index)
            if item.field == stream { conversation = UInt32(truncatingIfNeeded: item.value) }
            guard item.field == message else {
                index += 1
                continue
            }
            let end = frame.endOfSubtree(at: index)
            take(index..<end, conversation, frame, emit)
            index = end
        }
    }

    /// Takes one message, by the items of its node.
    private mutating func take(_ items: Range<Int>, _ conversation: UInt32, _ frame: borrowing DissectedFrame, _ emit: (ObjectName, ByteView) -> Void) {
        var type = ByteView.empty
        for index in items {
            let item = frame.item(index)
            switch item.field {
            case uri: note(frame.valueBytes(of: item), conversation)
            case mediaType: type = frame.valueBytes(of: item)
            case body:
                let content = frame.bytes(of: item)
                guard !content.isEmpty else { continue }
                emit(name(conversation, type, frame.info.number), content)
            default: break
            }
        }
    }

    private mutating func note(_ uri: ByteView, _ conversation: UInt32) {
        if heldByteCount + uri.count > Self.requestByteLimit { (requests, heldByteCount) = ([:], 0) }
        let old = requests.updateValue(uri.copy(), forKey: conversation)
        heldByteCount += uri.count - (old?.count ?? -Self.requestByteCount)
    }

    private func name(_ conversation: UInt32, _ type: ByteView, _ frame: UInt32) -> ObjectName {
        guard let uri = requests[conversation] else { return ObjectName(frame: frame, mediaType: type) }
        return uri.withUnsafeBytes { ObjectName(resource: ByteView($0)) }
    }
}
