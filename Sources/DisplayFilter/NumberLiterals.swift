import Dissection

/// Why a literal does not fit: the text of an error after the literal.
struct LiteralProblem: Error, Equatable {
    let text: String
    init(_ text: String) { self.text = text }
}

/// A whole number as it is written: decimal, `0x` hexadecimal, `0b` binary, or octal after a 0.
struct IntegerLiteral: Equatable {
    var isNegative: Bool
    var magnitude: UInt64

    /// nil for what is no number at all.
    init?(_ text: String) throws(LiteralProblem) {
        var digits = Substring(text)
        isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
        let base: Int
        switch digits.prefix(2).lowercased() {
        case "0x": base = 16
        case "0b": base = 2
        default: base = digits.count > 1 && digits.hasPrefix("0") ? 8 : 10
        }
        let body = base == 16 || base == 2 ? digits.dropFirst(2) : digits
        guard !body.isEmpty, body.utf8.allSatisfy({ ($0.hexDigitValue ?? base) < base }) else { return nil }
        guard let value = UInt64(body, radix: base) else { throw LiteralProblem("causes an integer overflow.") }
        magnitude = value
    }
}

extension FieldType {
    /// The constant for a whole number, checked against the field's width.
    func constant(_ number: IntegerLiteral) throws(LiteralProblem) -> Constant {
        isSigned ? try signedConstant(number) : try unsignedConstant(number)
    }

    /// A negative number stands for the same bits, as a 32-bit number or, for wider fields, a 64-bit one.
    private func unsignedConstant(_ number: IntegerLiteral) throws(LiteralProblem) -> Constant {
        let width = bitCount
        guard !number.isNegative else {
            let bits = 0 &- number.magnitude
            return .unsigned(width <= 32 ? UInt64(UInt32(truncatingIfNeeded: bits)) : bits)
        }
        let largest: UInt64 = width >= 64 ? .max : (1 << UInt64(width)) - 1
        guard number.magnitude <= largest else { throw LiteralProblem("too big for this field, maximum \(largest).") }
        return .unsigned(number.magnitude)
    }

    private func signedConstant(_ number: IntegerLiteral) throws(LiteralProblem) -> Constant {
        let largest = Int64.max >> Int64(64 - bitCount)
        let smallest = -largest - 1
        if number.isNegative {
            guard number.magnitude <= smallest.magnitude else { throw LiteralProblem("too small for this field, minimum \(smallest).") }
            return .signed(Int64(bitPattern: 0 &- number.magnitude))
        }
        guard number.magnitude <= UInt64(largest) else { throw LiteralProblem("too big for this field, maximum \(largest).") }
        return .signed(Int64(number.magnitude))
    }
}
