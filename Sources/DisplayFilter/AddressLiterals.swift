import Wire

/// Addresses and byte strings as they are written in filters.
enum AddressLiterals {
    /// Dotted decimal with an optional prefix length, or a name.
    static func ipv4(_ text: String, named: (String) -> Address?) throws(LiteralProblem) -> Constant {
        let (host, prefix) = split(text)
        guard let address = Address(ipv4: host) ?? named(String(host)) else { throw LiteralProblem("is not a valid IPv4 address.") }
        let bitCount = try prefixLength(prefix, atMost: 32)
        let value = address.low
        let mask: UInt64 = bitCount == 0 ? 0 : (0xffff_ffff << UInt64(32 - bitCount)) & 0xffff_ffff
        return .masked(value & mask, mask: mask)
    }

    /// RFC 4291, section 2.2, with an optional prefix length, or a name.
    static func ipv6(_ text: String, named: (String) -> Address?) throws(LiteralProblem) -> Constant {
        let (host, prefix) = split(text)
        guard let address = (Address(ipv6: host) ?? named(String(host)))?.bytes else { throw LiteralProblem("is not a valid IPv6 address.") }
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
}

extension Address {
    /// An IPv6 address's 16 bytes.
    fileprivate var bytes: [UInt8] {
        [high, low].flatMap { half in stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) } }
    }
}
