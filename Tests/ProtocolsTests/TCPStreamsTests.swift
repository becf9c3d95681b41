@testable import Protocols
import Streams
import Testing
import Wire

@Suite struct TCPStreamsTests {
    private func wait(_ byteCount: Int, in stream: Int, _ streams: inout TCPStreams) {
        streams.makeRoom(for: stream, isFirst: false)
        let before = streams[stream].byteCount
        streams[stream].begin(at: 1)
        [UInt8](repeating: 7, count: byteCount).withUnsafeBytes { _ = streams[stream].place(10, ByteView($0), frame: 1, frameOffset: 0) }
        streams.noteChange(stream, from: before)
        streams.evictExcess(but: stream)
    }

    /// Beyond the limit of all streams together those that were quiet lose what waits in them.
    @Test func waitingBytesHaveALimit() {
        var streams = TCPStreams(byteLimit: 100_000)
        for stream in 0..<100 { wait(5_000, in: stream, &streams) }
        let waiting = (0..<100).filter { streams[$0].byteCount > 0 }
        #expect(waiting.count < 20 && waiting.count > 5 && waiting.last == 99)
        #expect(streams.evictedCount == 100 - waiting.count)
        for stream in 0..<100 { #expect(streams[stream].takeGivenUp() == !waiting.contains(stream)) }
    }

    /// A conversation in the place of another begins with nothing.
    @Test func aPlaceIsUsedAgain() {
        var streams = TCPStreams(byteLimit: 1 << 20)
        wait(5_000, in: 6, &streams)
        streams.makeRoom(for: 7, isFirst: true)
        #expect(streams[6].byteCount == 0 && streams[6].expected == nil && streams.evictedCount == 0)
    }

    /// Bytes that were handed on are compared by their sums.
    @Test func segmentsSentAgainAreCompared() {
        var streams = TCPStreams(byteLimit: 1 << 20)
        streams.makeRoom(for: 1, isFirst: true)
        func conflicts(_ bytes: [UInt8], _ stream: Int, _ sequence: UInt32) -> Bool {
            bytes.withUnsafeBytes { streams.conflicts(stream, sequence, ByteView($0)) }
        }
        let bytes = (0..<1460).map { UInt8(truncatingIfNeeded: $0 * 7) }
        #expect(!conflicts(bytes, 0, 1000) && !conflicts(bytes, 0, 1000) && !conflicts(bytes.reversed(), 0, 9999) && !conflicts(bytes.reversed(), 1, 1000))
        for index in [0, 1, 700, 1455, 1459] {
            var other = bytes
            other[index] ^= 1
            #expect(conflicts(other, 0, 1000), "byte \(index)")
        }
    }
}
