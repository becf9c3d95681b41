import Testing
import Wire

@Suite struct ByteKeysTests {
    private static func index(_ keys: ByteKeys, _ text: String) -> Int? {
        Array(text.utf8).withUnsafeBytes { keys.index(of: ByteView($0)) }
    }

    @Test func everyKeyIsFound() {
        let texts = (0..<1000).map { "1.2.\($0)" } + [""]
        let keys = ByteKeys(texts.map { Array($0.utf8) })
        for (index, text) in texts.enumerated() { #expect(Self.index(keys, text) == index) }
        #expect(Self.index(keys, "1.2.1000") == nil)
        #expect(Self.index(keys, "1.2") == nil)
    }

    @Test func ofEqualKeysTheFirstCounts() { #expect(Self.index(ByteKeys([[1], [49], [49]]), "1") == 1) }

    @Test func withoutKeysNothingIsFound() { #expect(Self.index(ByteKeys([]), "a") == nil) }
}
