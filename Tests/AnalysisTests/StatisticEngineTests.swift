@testable import Analysis
import Dissection
import Testing
import Wire

/// The engines behind the statistics, without a capture.
@Suite struct StatisticEngineTests {
    private func frame(_ milliseconds: Int64, byteCount: Int = 60, number: UInt32 = 0) -> CountedFrame {
        CountedFrame(
            number: number, byteCount: byteCount, timestamp: .zero, timeRelative: Timestamp(totalNanoseconds: milliseconds * 1_000_000))
    }

    private func info(_ milliseconds: Int64) -> FrameInfo {
        var frame = FrameInfo()
        frame.timeRelative = Timestamp(totalNanoseconds: milliseconds * 1_000_000)
        return frame
    }

    private func tcp(_ source: UInt32, _ destination: UInt32, stream: UInt32) -> LayerEndpoints {
        LayerEndpoints(layer: .tcp, source: .ipv4(1), destination: .ipv4(2), sourcePort: source, destinationPort: destination, stream: stream)
    }

    // MARK: Conversations

    @Test func directionsAreThoseOfTheFirstPacket() {
        var counter = FlowCounter(.udp)
        let there = LayerEndpoints(layer: .udp, source: .ipv4(9), destination: .ipv4(1), sourcePort: 53, destinationPort: 5353, stream: 0)
        let back = LayerEndpoints(layer: .udp, source: .ipv4(1), destination: .ipv4(9), sourcePort: 5353, destinationPort: 53, stream: 0)
        counter.add(there, frame(5, byteCount: 100))
        counter.add(back, frame(9, byteCount: 40))
        counter.add(there, frame(2, byteCount: 1))
        #expect(counter.flows.count == 1)
        #expect(counter.flows[0].endpoints.source == .ipv4(9))
        #expect(counter.flows[0].forward.frameCount == 2 && counter.flows[0].forward.byteCount == 101)
        #expect(counter.flows[0].backward.frameCount == 1 && counter.flows[0].backward.byteCount == 40)
        #expect(counter.flows[0].first.totalNanoseconds == 2_000_000 && counter.flows[0].last.totalNanoseconds == 9_000_000)
    }

    @Test func connectionsBetweenTheSamePortsAreApart() {
        var counter = FlowCounter(.tcp)
        counter.add(tcp(1000, 80, stream: 0), frame(0))
        counter.add(tcp(1000, 80, stream: 7), frame(1))
        counter.add(tcp(80, 1000, stream: 7), frame(2))
        #expect(counter.flows.map(\.frameCount) == [1, 2])
        #expect(counter.flows[1].backward.frameCount == 1)
    }

    /// What lanes count is put together as if one had counted all of it.
    @Test func mergedCountsAreThoseOfOneCounter() {
        let there = LayerEndpoints(layer: .ethernet, source: .ethernet(9), destination: .ethernet(1), sourcePort: 0, destinationPort: 0, stream: 0)
        let back = LayerEndpoints(layer: .ethernet, source: .ethernet(1), destination: .ethernet(9), sourcePort: 0, destinationPort: 0, stream: 0)
        let packets: [(LayerEndpoints, Int64, Int)] = [(there, 5, 100), (back, 9, 40), (there, 2, 1), (back, 11, 7), (there, 12, 3)]
        for lanes in 0..<32 {
            var whole = FlowCounter(.ethernet)
            var first = FlowCounter(.ethernet)
            var second = FlowCounter(.ethernet)
            for (index, (ends, time, byteCount)) in packets.enumerated() {
                let frame = frame(time, byteCount: byteCount, number: UInt32(index + 1))
                whole.add(ends, frame)
                if lanes >> index & 1 == 0 { first.add(ends, frame) } else { second.add(ends, frame) }
            }
            first.merge(second)
            #expect(first.flows.count == 1)
            #expect(String(describing: first.flows) == String(describing: whole.flows))
        }
    }

    @Test func endpointsCountBothWays() {
        var counter = EndpointCounter()
        counter.add(tcp(1000, 80, stream: 0), frame(0, byteCount: 60))
        counter.add(tcp(1000, 81, stream: 1), frame(1, byteCount: 40))
        #expect(counter.endpoints.map(\.port) == [1000, 80, 81])
        #expect(counter.endpoints[0].sent.byteCount == 100 && counter.endpoints[0].received.frameCount == 0)
        #expect(counter.endpoints[2].received.byteCount == 40)
    }

    // MARK: Limits

    /// What goes on is kept, what was quiet the longest is forgotten, and nothing is counted twice.
    @Test func theQuietestConversationsAreForgotten() {
        for layer in [EndpointLayer.tcp, .udp] {
            var counter = FlowCounter(layer)
            counter.limit(byteCount: 100_000)
            let total: UInt32 = 10_000
            for number in 1...total {
                var busy = tcp(7, 80, stream: 0)
                var other = tcp(1000 + number, 80, stream: number)
                (busy.layer, other.layer) = (layer, layer)
                counter.add(busy, frame(0))
                counter.add(other, frame(Int64(number)))
            }
            #expect(counter.flows.count + counter.forgottenCount == Int(total) + 1)
            #expect(counter.forgottenCount > 9000 && counter.flows.count > 100)
            #expect(counter.flows.first { $0.endpoints.sourcePort == 7 }?.frameCount == UInt64(total))
            #expect(counter.flows.contains { $0.endpoints.sourcePort == 1000 + total })
            #expect(counter.flows.reduce(0) { $0 + $1.frameCount } == UInt64(Int(total) + counter.flows.count - 1))
        }
    }

    @Test func theQuietestEndpointsAreForgotten() {
        var counter = EndpointCounter()
        counter.limit(byteCount: 100_000)
        for number: UInt32 in 1...10_000 { counter.add(tcp(1000 + number, 80, stream: number), frame(0)) }
        #expect(counter.endpoints.count + counter.forgottenCount == 10_001)
        #expect(counter.forgottenCount > 9000 && counter.endpoints.count > 100)
        #expect(counter.endpoints.first { $0.port == 80 }?.received.frameCount == 10_000)
    }

    @Test func theTopicsOfLongAgoAreForgotten() throws {
        var tree = CountedTree()
        let all = tree.root("All")
        let last = tree.child(all, "Last")
        tree.limit(byteCount: 200_000)
        for number in 1...10_000 {
            tree.begin(info(Int64(number)))
            tree.tick(all)
            tree.tick(tree.tick(all, text: "busy"), text: "\(number)")
            tree.tick(tree.tick(all, text: "host \(number)"), for: .number(1)) { "one" }
            tree.tick(last)
        }
        #expect(tree.nodes[all.index].count == 10_000 && tree.nodes[last.index].count == 10_000 && tree.nodes[last.index].name == "Last")
        let busy = try #require(tree.nodes.first { $0.name == "busy" })
        #expect(busy.count == 10_000)
        #expect(tree.nodes.count + tree.forgottenCount == 3 + 30_000)
        #expect(tree.nodes.count > 100 && tree.nodes.count < 1000)
        // Those that are left hang together: each in its parent's list, once.
        for (index, node) in tree.nodes.enumerated() {
            let siblings = node.parent.map { tree.nodes[$0.index].children } ?? tree.roots
            #expect(siblings.filter { $0.index == index }.count == 1)
        }
        #expect(busy.children.contains { tree.nodes[$0.index].name == "10000" })
    }

    @Test func theBeginningOfADiagramIsForgotten() {
        var log = FlowLog()
        log.limit(byteCount: 50_000)
        for number: UInt32 in 1...5000 {
            var segment = FlowSegment()
            (segment.sequence, segment.byteCount) = (number, 1)
            log.append(FlowEvent(time: .zero, timeDigits: 6, sourcePort: number, destinationPort: 80), (.ipv4(1), .ipv4(2)), segment)
        }
        let record = log.copy()
        let forgottenCount = log.forgottenCount
        #expect(record.events.count + forgottenCount == 5000 && forgottenCount > 4000 && record.text.count < 10_000)
        for event in record.events {
            #expect(record.string(event.comment) == "Seq = \(event.sourcePort)" && record.string(event.label) == "<None> - Len: 1")
        }
    }

    // MARK: Trees

    @Test func burstsAreTheBusiestTenthOfASecond() {
        var window = BurstWindow()
        for time in [1000.0, 1002, 1050, 1099, 1300, 1301] { window.add(1, at: time) }
        #expect(window.mostCount == 4 && window.mostStart == 1000)
    }

    @Test func lateFramesCountWithinTheWindow() {
        var window = BurstWindow()
        for time in [500.0, 560, 530, 100] { window.add(1, at: time) }
        #expect(window.mostCount == 3 && window.mostStart == 500)
    }

    @Test func treesAreSortedByCountThenNameFromTheEnd() {
        var tree = CountedTree()
        let all = tree.root("All")
        for (time, name) in [(0, "a"), (10, "c"), (20, "b"), (30, "b")] as [(Int64, String)] {
            tree.begin(info(time))
            tree.tick(all)
            tree.tick(all, text: name)
        }
        var out = TextBuffer()
        TreeReport("Some/All", tree, filter: nil).write(&out)
        let rows = out.string.split(separator: "\n").dropFirst(4).prefix(4).map { $0.split(separator: " ").map(String.init) }
        #expect(rows[0] == ["All", "4", "0.1333", "100%", "0.0400", "0.000"])
        #expect(rows[1...].map { $0[0] } == ["b", "c", "a"])
        #expect(rows[1][3] == "50.00%")
    }

    // MARK: Intervals

    @Test(arguments: [("1", 0, 1_000_000), ("1.0", 6, 1_000_000), ("0.25", 2, 250_000), ("1e-1", 1, 100_000)] as [(String, Int, Int64)])
    func intervalsHaveTheirDecimals(text: String, decimals: Int, microseconds: Int64) throws {
        let length = try #require(IntervalLength(text))
        #expect(length.decimals == decimals && length.microseconds == microseconds)
    }

    @Test func intervalsThatMakeNoSenseAreRefused() {
        for text in ["", "abc", "0.0000001", "nan"] { #expect(IntervalLength(text) == nil, "\(text)") }
        #expect(IntervalLength("0")?.microseconds == nil)
    }

    @Test func halvesOfADurationAreNotRoundedUp() throws {
        let length = try #require(IntervalLength("0.5"))
        #expect(IntervalSpan(length, duration: 3_250_000).duration == 3_250_000)
        #expect(IntervalSpan(length, duration: 3_250_001).duration == 3_300_000)
        #expect(IntervalSpan(length, duration: 3_250_000).rowCount == 7)
    }

    // MARK: Text

    @Test(arguments: [
        (0.145, 2, "0.14"), (0.125, 2, "0.12"), (0.375, 2, "0.38"), (2.5, 0, "2"), (3.5, 0, "4"), (0.999, 2, "1.00"), (-1.25, 1, "-1.2"),
        (441_562_800.211_383, 9, "441562800.211382985"), (1e300, 0, "1000000000000000000000"),
    ] as [(Double, Int, String)])
    func numbersAreRoundedFromTheirExactValue(value: Double, decimals: Int, text: String) {
        var out = TextBuffer()
        out.append(fixed: value, decimals: decimals)
        #expect(value > 1e100 ? out.count > 30 : out.string == text)
    }

    @Test func sizesHaveTheLargestUnitOfWhichThereAreTen() {
        for (size, text) in [(0, "0 bytes"), (9999, "9999 bytes"), (10_000, "10 kB"), (10_999_999, "10 MB")] as [(UInt64, String)] {
            var out = TextBuffer()
            out.append(size: size)
            #expect(out.string == text)
        }
    }

    @Test func elementsAreMadeWhenTheyAreWritten() {
        for elements in [[], [3, 4]] {
            var out = TextBuffer()
            var whole = TextBuffer()
            out.append(.list(elements) { JSONValue($0 + 1) })
            whole.append(.array(elements.map { JSONValue($0 + 1) }))
            #expect(out.string == whole.string)
        }
    }

    @Test func jsonIsEscaped() {
        var out = TextBuffer()
        out.append(.object([("a\"b", .array([.null, .bool(true), .string("\\\n\u{1}"), .seconds(Timestamp(seconds: -1, nanoseconds: 500_000_000))]))]))
        #expect(out.string == "{\n  \"a\\\"b\": [\n    null,\n    true,\n    \"\\\\\\u000a\\u0001\",\n    -0.500000000\n  ]\n}")
    }
}
