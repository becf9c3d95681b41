import Dissection
@testable import Protocols
import Testing
import Wire

@Suite struct WebSocketConversationsTests {
    private func stream(_ number: UInt32, isReverse: Bool = false) -> StreamPosition {
        StreamPosition(transport: ProtocolID(rawValue: 7), conversation: number, isReverse: isReverse)
    }

    /// What is used stays, what was quiet for long is forgotten.
    @Test func conversationsHaveALimit() {
        var conversations = WebSocketConversations(byteLimit: 100_000)
        let settings = WebSocketSettings(extensions: [], subprotocol: .empty)
        for number: UInt32 in 0..<10_000 {
            conversations.open(stream(number), settings)
            _ = conversations.change(stream(0)) { _ in true }
        }
        let (count, evicted, byteCount) = (conversations.count, conversations.evictedCount, conversations.byteCount)
        let (hasFirst, hasSecond, hasLast) = (conversations[stream(0)] != nil, conversations[stream(1)] != nil, conversations[stream(9999, isReverse: true)] != nil)
        #expect(count + evicted == 10_000)
        #expect(byteCount <= 100_000)
        #expect(hasFirst && !hasSecond && hasLast)
    }

    @Test func keptBytesHaveALimit() {
        var conversations = WebSocketConversations(byteLimit: 1 << 20, keptByteLimit: 1000)
        let admitted = [600, 401, 400, 1].map { conversations.admit($0) }
        let byteCount = conversations.byteCount
        #expect(admitted == [true, false, true, false])
        #expect(byteCount >= 1000)
    }

    /// A message that grows too long loses its bytes, and still ends with its last frame.
    @Test func messagesHaveALimit() throws {
        var direction = WebSocketDirection()
        let part = [UInt8](repeating: 1, count: WebSocketDirection.messageByteLimit / 2 + 1)
        let frames: [[UInt8]] = [[0x02, 0], [0x00, 0], [0x80, 0]]
        var whole: WebSocketMessage?
        for (index, bytes) in frames.enumerated() {
            var header: WebSocketHeader?
            bytes.withUnsafeBytes { buffer in
                var reader = Reader(bytes: ByteView(buffer), source: 0, start: 0, reportedEnd: buffer.count)
                header = try? WebSocketHeader(parsing: &reader)
            }
            let parsed = try #require(header)
            part.withUnsafeBytes { whole = direction.take(parsed, ByteView($0), frame: UInt32(index + 1)) }
            #expect((whole != nil) == (index == 2))
        }
        #expect(whole?.isLost == true)
        #expect(whole?.bytes.isEmpty == true)
        #expect(whole?.pieces.count == 3)
    }
}
