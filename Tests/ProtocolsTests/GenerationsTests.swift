import Dissection
@testable import Protocols
import TestSupport
import Testing

private struct Text: Remembered {
    var bytes: [UInt8] = []
    var byteCount: Int { bytes.storageByteCount }
}

@Suite struct GenerationsTests {
    /// Against a dictionary: what is remembered is right, and what was used last is remembered.
    @Test func theOldestIsForgotten() {
        var random = SeededRandom(for: "generations")
        var generations = Generations<Int, Text>(byteLimit: 200_000)
        var known: [Int: [UInt8]] = [:]
        var made = 0
        for _ in 0..<50_000 {
            let key = random.below(3000)
            if generations[key] == nil { made += 1; known[key] = [] }
            let byte = UInt8(random.below(256))
            if known[key, default: []].count < 100 { known[key, default: []].append(byte) }
            let bytes = generations.change(key, default: Text()) { text in
                if text.bytes.count < 100 { text.bytes.append(byte) }
                return text.bytes
            }
            #expect(bytes == known[key])
        }
        let (count, evicted, byteCount) = (generations.count, generations.evictedCount, generations.byteCount)
        #expect(count + evicted == made && evicted > 1000)
        #expect(byteCount < 210_000)
    }

    @Test func whatIsRemovedIsNotForgotten() {
        var generations = Generations<Int, Text>(byteLimit: 10_000)
        for key in 0..<10_000 {
            _ = generations.change(key, default: Text()) { $0.bytes = [1, 2, 3] }
            let (removed, again, changed) = (generations.remove(key)?.bytes, generations.remove(key)?.bytes, generations.changeKnown(key) { $0.bytes })
            #expect(removed == [1, 2, 3] && again == nil && changed == nil)
        }
        let (count, evicted) = (generations.count, generations.evictedCount)
        #expect(count == 0 && evicted == 0)
    }

    /// The shares of all protocols make up the budget.
    @Test func theSharesFit() throws {
        var registrar = Registrar()
        registerAllProtocols(&registrar)
        #expect(try registrar.freeze().budgetedMegabytes == StateBudget.usualMegabytes)
    }
}
