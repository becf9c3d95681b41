import Dissection
import Wire

/// Cuts the HTTP messages of a frame into header and body.
struct HTTPFollower {
    private let body: FieldID
    /// Say whether the message is a request or a response, and stand behind its header.
    private let kinds: [FieldID]
    /// What must be dissected to tell the parts of a message.
    let wantedFields: Set<FieldID>

    init(_ registry: Registry) {
        let node = registry.field(named: "http")?.id ?? .text
        body = registry.field(named: "http.file_data")?.id ?? .text
        kinds = ["http.request", "http.response", "http.notification"].compactMap { registry.field(named: $0)?.id }
        // Every line of the header: where the last one ends the body begins.
        let proto = registry[node].proto
        wantedFields = Set(registry.fields.lazy.filter { $0.proto == proto }.map(\.id)).union([.text, node])
    }

    /// Hands the parts of the message whose node stands at `index` to `emit`.
    func take(_ index: Int, _ frame: borrowing DissectedFrame, side: Int, of followed: FollowedFrame, _ emit: (FollowChunk) -> Void) {
        let node = frame.item(index)
        let bytes = frame.bytes(of: node)
        let header = bytes[0..<headerByteCount(index, bytes, frame)]
        let contents = (index..<frame.endOfSubtree(at: index)).filter { frame.item($0).field == body }
        // As in tshark, the rest of a body counts as a message with an empty header.
        if header.isEmpty, contents.isEmpty { return }
        emit(FollowChunk(side: side, frame: followed, bytes: header))
        for inner in contents {
            let content = frame.bytes(of: frame.item(inner))
            emit(FollowChunk(side: side, frame: followed, bytes: content))
        }
    }

    /// Bytes of a message before its body: those of all items before the ones that say what kind of message it is. None where
    /// the rest of a body stands, whose header was not seen.
    private func headerByteCount(_ index: Int, _ bytes: ByteView, _ frame: borrowing DissectedFrame) -> Int {
        let node = frame.item(index)
        var end = Int(node.offset)
        for inner in index + 1..<max(index + 1, frame.endOfSubtree(at: index)) {
            let item = frame.item(inner)
            if kinds.contains(item.field) { return end - Int(node.offset) }
            if item.source == node.source { end = max(end, Int(item.offset) + Int(item.byteCount)) }
        }
        return 0
    }
}
