/// Addresses and byte strings as they are written in filters.
enum AddressLiterals {
    /// Dotted decimal, with an optional prefix length.
    static func ipv4(_ text: String) throws(LiteralProblem) -> Constant {
        let (host, prefix) = split(text)
        guard let address = ipv4Bytes(host) else { throw LiteralProblem("is not a valid IPv4 address.") }
        let bitCount = try prefixLength(prefix, atMost: 32)
        let value = address.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let mask: UInt64 = bitCount == 0 ? 0 : (0xffff_ffff << UInt64(32 - bitCount)) & 0xffff_ffff
        return .masked(value & mask, mask: mask)
    }

    /// RFC 4291, section 2.2, with an optional prefix length.
    static func ipv6(_ text: String) throws(LiteralProblem) -> Constant {
        let (host, prefix) = split(text)
        guard let address = ipv6Bytes(host) else { throw LiteralProblem("is not a valid IPv6 address.") }
        let bitCount = try prefixLength(prefix, atMost: 128)
        return bitCount == 128 ? .bytes(address) : .prefix(address, bitCount: bitCount)
    }

    /// A byte string of `byteCount` bytes, as a number.
    static func hardware(_ text: String, byteCount: Int, _ kind: String) throws(LiteralProblem) -> Constant {
        guard let bytes = bytes(text) else { throw LiteralProblem("is not a valid \(kind).") }
        guard bytes.count == byteCount else {
            throw LiteralProblem("contains too \(bytes.count < byteCount ? "few" : "many") bytes to be a valid \(kind).")
        }
        return .unsigned(bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Pairs of hexadecimal digits, run together or in groups with one kind of separator between: `61:62`, `0011.2233`.
    static func bytes(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        let separator = characters.first { $0.hexDigitValue == nil }
        if let separator, ![UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(separator) { return nil }
        var result: [UInt8] = []
        for group in characters.split(separator: separator ?? 0, omittingEmptySubsequences: false) {
            let digits = group.compactMap(\.hexDigitValue)
            guard !digits.isEmpty, digits.count == group.count else { return nil }
            if digits.count == 1 {
                result.append(UInt8(digits[0]))
                continue
            }
            guard digits.count % 2 == 0 else { return nil }
            for index in stride(from: 0, to: digits.count, by: 2) { result.append(UInt8(digits[index] << 4 | digits[index + 1])) }
        }
        return result
    }

    private static func split(_ text: String) -> (host: Substring, prefix: Substring?) {
        guard let slash = text.firstIndex(of: "/") else { return (text[...], nil) }
        return (text[..<slash], text[text.index(after: slash)...])
    }

    private static func prefixLength(_ text: Substring?, atMost limit: Int) throws(LiteralProblem) -> Int {
        guard let text else { return limit }
        guard let value = Int(text), (0...limit).contains(value) else { throw LiteralProblem("has a prefix length that is not from 0 to \(limit).") }
        return value
    }

    private static func ipv4Bytes(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(\.isDigit), let byte = UInt8(part) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func ipv6Bytes(_ text: Substring) -> [UInt8]? {
        guard let gap = firstGap(text) else {
            guard let all = groups(text), all.count == 16 else { return nil }
            return all
        }
        guard let before = groups(text[..<gap.lowerBound]), let after = groups(text[gap.upperBound...]),
            before.count + after.count <= 14
        else { return nil }
        return before + [UInt8](repeating: 0, count: 16 - before.count - after.count) + after
    }

    private static func firstGap(_ text: Substring) -> Range<Substring.Index>? {
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if next < text.endIndex, text[index] == ":", text[next] == ":" { return index..<text.index(after: next) }
            index = next
        }
        return nil
    }

    /// The bytes of 16-bit groups with colons between, the last of which may be a dotted IPv4 address.
    private static func groups(_ text: Substring) -> [UInt8]? {
        if text.isEmpty { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains("."), let dotted = ipv4Bytes(part) {
                bytes += dotted
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0.hexDigitValue != nil }), let group = UInt16(part, radix: 16) else {
                return nil
            }
            bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
        }
        return bytes
    }
}
