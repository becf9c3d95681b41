import Dissection
import Wire

/// Cuts the HTTP messages of a frame into header and body.
struct HTTPFollower {
    let body: FieldID?

    /// Hands the parts of the message whose node stands at `index` to `emit`.
    func take(_ index: Int, _ frame: borrowing DissectedFrame, side: Int, _ emit: (FollowChunk) -> Void) {
        let node = frame.item(index)
        let bytes = frame.bytes(of: node)
        let header = bytes[0..<(isContinuation(index, frame) ? 0 : Self.headerByteCount(bytes))]
        emit(FollowChunk(side: side, frame: frame.info.number, time: frame.info.timestamp, isGap: false, bytes: header))
        for inner in index..<frame.endOfSubtree(at: index) where frame.item(inner).field == body {
            let content = frame.bytes(of: frame.item(inner))
            emit(FollowChunk(side: side, frame: frame.info.number, time: frame.info.timestamp, isGap: false, bytes: content))
        }
    }

    /// Whether the node holds the rest of a body whose header was not seen.
    private func isContinuation(_ index: Int, _ frame: borrowing DissectedFrame) -> Bool {
        guard index + 1 < frame.endOfSubtree(at: index) else { return false }
        let (node, first) = (frame.item(index), frame.item(index + 1))
        return first.field == body && first.source == node.source && first.offset == node.offset
    }

    /// Bytes up to the end of the empty line behind the header fields (RFC 9112, section 2.1).
    private static func headerByteCount(_ bytes: ByteView) -> Int {
        var begin = 0
        while let end = bytes.firstIndex(of: 10, from: begin) {
            let length = end - begin
            if begin > 0, length == 0 || length == 1 && bytes[begin] == 13 { return end + 1 }
            begin = end + 1
        }
        return bytes.count
    }
}
