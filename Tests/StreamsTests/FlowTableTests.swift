import Streams
import TestSupport
import Testing
import Wire

@Suite struct FlowTableTests {
    private func find(_ number: UInt32, _ table: inout FlowTable, isReverse: Bool = false) -> FlowTable.Match {
        let (a, b) = (Address.ipv4(number), Address.ipv4(0xffff_0000))
        return isReverse
            ? table.find(source: b, destination: a, sourcePort: 80, destinationPort: 1000)
            : table.find(source: a, destination: b, sourcePort: 1000, destinationPort: 80)
    }

    @Test func bothDirectionsAreOneFlow() {
        var table = FlowTable()
        for number: UInt32 in 0..<5000 { #expect(find(number, &table).isNew) }
        for number: UInt32 in 0..<5000 {
            let match = find(number, &table, isReverse: true)
            #expect(match.flow == number && !match.isNew && match.isReverse)
        }
        #expect(table.count == 5000 && table.evictedCount == 0)
    }

    /// What is used stays, what is not goes, and is known again when it comes back.
    @Test func quietFlowsAreForgotten() {
        var table = FlowTable(limit: 100)
        for number: UInt32 in 0..<10_000 {
            _ = find(0, &table)
            let match = find(number, &table)
            #expect(match.isNew == (number > 0) && match.flow < 100 && !match.wasForgotten)
        }
        #expect(table.count == 100 && table.evictedCount == 9900)
        #expect(!find(0, &table).isNew)
        #expect(find(5, &table).wasForgotten)
        #expect(!find(20_000, &table).wasForgotten)
    }

    /// Against a dictionary, with flows that come and go at random.
    @Test func aTableWithALimitLosesNothingElse() {
        var random = SeededRandom(for: "flows")
        var table = FlowTable(limit: 300)
        var known: [UInt32: UInt32] = [:]
        for _ in 0..<50_000 {
            let number = UInt32(random.below(600))
            let match = find(number, &table, isReverse: random.oneIn(2))
            if let flow = known[number] {
                #expect(!match.isNew && match.flow == flow)
            } else {
                #expect(match.isNew)
                if let evicted = known.first(where: { $0.value == match.flow })?.key { known[evicted] = nil }
                known[number] = match.flow
            }
        }
        #expect(known.count == 300 && table.count == 300)
    }
}
