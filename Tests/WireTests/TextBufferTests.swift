import Testing
import Wire

/// What `write` leaves in a buffer.
func text(_ write: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer(capacity: 0)
    write(&buffer)
    return buffer.string
}

@Suite struct TextBufferTests {
    @Test(arguments: [0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, .max, 18_446_744_073_709_551_614, 10_000_000_000_000_000_000] as [UInt64])
    func decimals(value: UInt64) {
        #expect(text { $0.append(decimal: value) } == String(value))
    }

    @Test(arguments: [0, -1, 1, .min, .max] as [Int64]) func signedDecimals(value: Int64) {
        #expect(text { $0.append(signed: value) } == String(value))
    }

    @Test(arguments: [(7, 3, "007"), (1234, 3, "1234"), (0, 1, "0"), (0, 0, "0"), (.max, 4, "18446744073709551615")] as [(UInt64, Int, String)])
    func decimalsOfAWidth(value: UInt64, width: Int, expected: String) {
        #expect(text { $0.append(decimal: value, width: width) } == expected)
    }

    @Test(arguments: 1...20) func decimalsAndHexadecimalsOfEveryLength(digitCount: Int) {
        let decimal = String("12345678901234567890".prefix(digitCount)), hexadecimal = String("9abcdef012345678".prefix(digitCount))
        for width in 0...20 {
            let zeros = { (digits: String) in String(repeating: "0", count: max(0, width - digits.count)) + digits }
            if let value = UInt64(decimal) { #expect(text { $0.append(decimal: value, width: width) } == zeros(decimal)) }
            if let value = UInt64(hexadecimal, radix: 16) { #expect(text { $0.append(hex: value, width: width) } == zeros(hexadecimal)) }
        }
    }

    @Test(arguments: 0...130) func textsAndRunsOfEveryLength(count: Int) {
        let all = String((0..<count).map { Character(Unicode.Scalar(UInt8(33 + $0 % 90))) })
        let run = String(repeating: "-", count: count)
        #expect(text { $0.append(all); $0.append(repeating: 45, count: count); $0.append(Array(all.utf8)) } == all + run + all)
    }

    @Test(arguments: [
        (0, 1, "0"), (0, 4, "0000"), (0xf, 1, "f"), (0x10, 1, "10"), (0xbeef, 8, "0000beef"), (.max, 1, "ffffffffffffffff"),
        (1, 20, "00000000000000000001"),
    ] as [(UInt64, Int, String)]) func hexadecimals(value: UInt64, width: Int, expected: String) {
        #expect(text { $0.append(hex: value, width: width) } == expected)
        #expect(text { $0.append(hex: value, width: width, upperCase: true) } == expected.uppercased())
    }

    @Test func bytesAsHexadecimals() {
        withView([0x00, 0x9f, 0xa0, 0xff]) { view in
            #expect(text { $0.append(hexOf: view) } == "009fa0ff")
            #expect(text { $0.append(hexOf: view, separator: 58) } == "00:9f:a0:ff")
            #expect(text { $0.append(hexOf: view[0..<0], separator: 58) } == "")
        }
    }

    @Test func growsAsNeeded() {
        let long = String(repeating: "0123456789", count: 1000)
        #expect(text { for _ in 0..<3 { $0.append(long) } } == long + long + long)
        #expect(text { $0.append(repeating: 120, count: 500) } == String(repeating: "x", count: 500))
        #expect(text { $0.append(repeating: 120, count: -1) } == "")
    }

    @Test func truncatesAndNoFurther() {
        #expect(text { $0.append("hello"); $0.truncate(to: 2) } == "he")
        #expect(text { $0.append("hello"); $0.truncate(to: 20) } == "hello")
        #expect(text { $0.append("hello"); $0.truncate(to: -1) } == "")
    }

    @Test(arguments: [
        (5, 0, "worldhello"), (5, 3, "helworldlo"), (5, 5, "helloworld"), (10, 0, "helloworld"), (9, 0, "dhelloworl"), (0, 0, "helloworld"),
        (3, 7, "helloworld"), (99, 0, "helloworld"), (5, -4, "worldhello"),
    ]) func movesTheTail(start: Int, target: Int, expected: String) {
        #expect(text { $0.append("helloworld"); $0.moveTail(from: start, to: target) } == expected)
    }

    @Test func movesALongTail() {
        let (front, tail) = (String(repeating: "a", count: 100), String(repeating: "b", count: 300))
        #expect(text { $0.append(front + tail); $0.moveTail(from: 100, to: 0) } == tail + front)
    }

    @Test func copiesPartsOfItself() {
        #expect(text { $0.append("abcdef"); $0.appendCopy(of: 1..<3) } == "abcdefbc")
        #expect(text { $0.append("abcdef"); $0.appendCopy(of: 4..<99) } == "abcdefef")
        #expect(text { $0.append("abcdef"); $0.appendCopy(of: -3..<1) } == "abcdefa")
        let long = String(repeating: "0123456789", count: 50)
        #expect(text { $0.append(long); $0.appendCopy(of: 0..<500) } == long + long)
    }

    @Test func showsItsBytes() {
        var buffer = TextBuffer()
        buffer.append("abc")
        buffer.append([0x64, 0x65])
        #expect(buffer.count == 5)
        #expect(buffer.bytes(1..<4).copy() == Array("bcd".utf8))
        #expect(buffer.bytes(3..<9).copy() == Array("de".utf8))
    }
}
