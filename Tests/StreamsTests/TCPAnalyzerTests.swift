import Streams
import Testing
import Wire

@Suite struct TCPAnalyzerTests {
    /// Tracks a segment between ports of two addresses; the frame is the millisecond too.
    private func track(
        _ analyzer: inout TCPAnalyzer, port: UInt32, isReverse: Bool = false, sequence: UInt32, acknowledgment: UInt32 = 1, byteCount: UInt32, frame: UInt32
    ) -> TCPSegmentFacts {
        let segment = TCPSegment(
            frame: frame, time: Timestamp(totalNanoseconds: Int64(frame) * 1_000_000), sequence: sequence, acknowledgment: acknowledgment, flags: .ack,
            window: 65535, byteCount: byteCount, windowScale: nil)
        return analyzer.track(
            segment, source: .ipv4(isReverse ? 2 : 1), destination: .ipv4(isReverse ? 1 : 2), sourcePort: isReverse ? 80 : port,
            destinationPort: isReverse ? port : 80, analyzes: true)
    }

    /// However much nobody acknowledges: quiet conversations lose it, those that go on do not.
    @Test func unacknowledgedSegmentsHaveALimit() {
        var analyzer = TCPAnalyzer(byteLimit: 1 << 20)
        var frame: UInt32 = 0
        for number: UInt32 in 0..<500 {
            for position: UInt32 in 0..<100 {
                frame += 1
                _ = track(&analyzer, port: 1000 + number, sequence: 1 + position * 10, byteCount: 10, frame: frame)
            }
            let byteCount = analyzer.byteCount
            #expect(byteCount < 1 << 20)
        }
        let (count, evictedCount) = (analyzer.conversationCount, analyzer.evictedCount)
        #expect(count == 500 && evictedCount > 100 && evictedCount < 500)
        let timed = track(&analyzer, port: 1499, isReverse: true, sequence: 1, acknowledgment: 1001, byteCount: 0, frame: frame + 1)
        #expect(timed.analysis.acknowledgedFrame == frame && timed.analysis.roundTrip == 1_000_000)
        // Of what was given up nothing is told rather than something wrong.
        let more = track(&analyzer, port: 1000, sequence: 1001, byteCount: 10, frame: frame + 2)
        #expect(more.stream == 0 && more.analysis.bytesInFlight == 0)
        let late = track(&analyzer, port: 1000, isReverse: true, sequence: 1, acknowledgment: 1001, byteCount: 0, frame: frame + 3)
        #expect(late.analysis.acknowledgedFrame == 0)
    }
}
