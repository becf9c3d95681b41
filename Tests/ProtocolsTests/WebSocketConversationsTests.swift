import Dissection
@testable import Protocols
import Testing
import Wire

@Suite struct WebSocketConversationsTests {
    private func stream(_ number: UInt32, isReverse: Bool = false) -> StreamPosition {
        StreamPosition(transport: ProtocolID(rawValue: 7), conversation: number, isReverse: isReverse)
    }

    /// One conversation too many: all before it are forgotten, it is not.
    @Test func conversationsHaveALimit() {
        var conversations = WebSocketConversations(limit: 10)
        let settings = WebSocketSettings(extensions: [], subprotocol: .empty)
        for number in 0..<10 { conversations.open(stream(UInt32(number)), settings) }
        let full = conversations.count
        conversations.open(stream(10), settings)
        let (count, hasLast, hasOther) = (conversations.count, conversations[stream(10, isReverse: true)] != nil, conversations[stream(9)] != nil)
        #expect((full, count) == (10, 1))
        #expect(hasLast && !hasOther)
    }

    @Test func keptBytesHaveALimit() {
        var conversations = WebSocketConversations(keptByteLimit: 1000)
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
