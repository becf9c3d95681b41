import Dissection
import Testing

@Suite struct ValueStringsTests {
    private func name(_ strings: ValueStrings, _ value: UInt64) -> String? { strings.name(of: value).map { "\($0)" } }

    @Test func denseValues() {
        let strings = ValueStrings([(3, "three"), (0, "zero"), (1, "one")])
        #expect(name(strings, 0) == "zero")
        #expect(name(strings, 3) == "three")
        #expect(name(strings, 2) == nil)
        #expect(name(strings, 4) == nil)
        #expect(name(strings, .max) == nil)
    }

    @Test func sparseValues() {
        let strings = ValueStrings([(5, "five"), (70_000, "many"), (.max, "most")])
        #expect(name(strings, 5) == "five")
        #expect(name(strings, 70_000) == "many")
        #expect(name(strings, .max) == "most")
        for value in [0, 4, 6, 69_999, 70_001, .max - 1] as [UInt64] { #expect(name(strings, value) == nil) }
    }

    @Test func ranges() {
        let dense = ValueStrings(ranges: [(10...19, "teens"), (0...0, "none"), (20...29, "twenties")])
        let sparse = ValueStrings(ranges: [(10...19, "teens"), (0...0, "none"), (20...29, "twenties"), (5000...9000, "thousands")])
        for strings in [dense, sparse] {
            #expect(strings.isRange)
            #expect(name(strings, 0) == "none")
            #expect(name(strings, 9) == nil)
            #expect(name(strings, 10) == "teens")
            #expect(name(strings, 19) == "teens")
            #expect(name(strings, 20) == "twenties")
            #expect(name(strings, 30) == nil)
        }
        #expect(name(sparse, 9000) == "thousands")
        #expect(name(sparse, 9001) == nil)
    }

    @Test func firstOfTwoNamesCounts() {
        #expect(name(ValueStrings([(1, "first"), (1, "second")]), 1) == "first")
        #expect(name(ValueStrings([(100_000, "first"), (100_000, "second")]), 100_000) == "first")
    }

    @Test func noNamesAtAll() { #expect(name(ValueStrings([]), 0) == nil) }

    @Test func listsAllInOrder() {
        let all = ValueStrings(small: [(9, "nine"), (2, "two")]).all
        #expect(all.map { "\($0.name)" } == ["two", "nine"])
        #expect(all.map(\.range) == [2...2, 9...9])
    }
}
