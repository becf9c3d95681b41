/// A piece of a filter's text.
struct Token: Equatable {
    enum Kind: Equatable {
        case and, or, not
        case leftParenthesis, rightParenthesis
        case relation(Relation)
        /// A name, number, address or other text without quotes.
        case word
        /// Text in double quotes; the value has the escapes replaced.
        case string([UInt8])
        /// One character in single quotes: a number, or a byte.
        case character(UInt8)
        /// Anything else: no filter has it.
        case unexpected
        case end
    }

    var kind: Kind
    var range: Range<Int>
}

/// A comparison and how it holds over several values of one field.
struct Relation: Equatable {
    enum Comparison: Equatable { case equal, notEqual, greater, less, greaterOrEqual, lessOrEqual }
    /// Whether some value of the field must compare so, or there must be one and each compare so.
    enum Quantifier: Equatable { case any, all }

    var comparison: Comparison
    var quantifier: Quantifier

    init(_ comparison: Comparison, _ quantifier: Quantifier = .any) {
        self.comparison = comparison
        self.quantifier = quantifier
    }
}

/// Splits a filter's text into tokens.
struct Lexer {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// All tokens, `end` the last.
    static func tokens(of text: String) throws(FilterError) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func peek(_ distance: Int = 0) -> UInt8? { offset + distance < bytes.count ? bytes[offset + distance] : nil }

    private mutating func next() throws(FilterError) -> Token {
        while let byte = peek(), byte == 32 || (9...13).contains(byte) { offset += 1 }
        let start = offset
        guard let byte = peek() else { return Token(kind: .end, range: start..<start) }
        if let symbol = Self.symbols.first(where: { bytes[start...].starts(with: $0.text.utf8) }) {
            offset += symbol.text.utf8.count
            return Token(kind: symbol.kind, range: start..<offset)
        }
        if byte == UInt8(ascii: "\"") { return try string(isRaw: false) }
        if byte == UInt8(ascii: "'") { return try character() }
        if byte == UInt8(ascii: "r") || byte == UInt8(ascii: "R"), peek(1) == UInt8(ascii: "\"") {
            offset += 1
            return try string(isRaw: true)
        }
        if byte.isWordByte || byte == UInt8(ascii: "+") { return word() }
        repeat { offset += 1 } while peek().map { $0 & 0xc0 == 0x80 } ?? false
        return Token(kind: .unexpected, range: start..<offset)
    }

    /// A run of letters, digits and what joins them in names, numbers and addresses; with the prefix length of an address.
    private mutating func word() -> Token {
        let start = offset
        offset += 1
        while let byte = peek(), byte.isWordByte { offset += 1 }
        let isAddress = bytes[start..<offset].contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
        if isAddress, peek() == UInt8(ascii: "/"), peek(1)?.isDigit ?? false {
            offset += 1
            while let byte = peek(), byte.isDigit { offset += 1 }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        return Token(kind: Self.keywords[text] ?? .word, range: start..<offset)
    }

    private mutating func string(isRaw: Bool) throws(FilterError) -> Token {
        let start = isRaw ? offset - 1 : offset
        let value = try quoted(UInt8(ascii: "\""), isRaw: isRaw, "The final quote was missing from a quoted string.")
        return Token(kind: .string(value), range: start..<offset)
    }

    private mutating func character() throws(FilterError) -> Token {
        let start = offset
        let value = try quoted(UInt8(ascii: "'"), isRaw: false, "The final quote was missing from a character constant.")
        guard value.count == 1 else {
            let text = String(decoding: bytes[start..<offset], as: UTF8.self)
            throw FilterError("\(text) is \(value.isEmpty ? "empty" : "too long"): a character constant has one character.", at: start..<offset)
        }
        return Token(kind: .character(value[0]), range: start..<offset)
    }

    private mutating func quoted(_ quote: UInt8, isRaw: Bool, _ unterminated: String) throws(FilterError) -> [UInt8] {
        let start = offset
        offset += 1
        var value: [UInt8] = []
        while let byte = peek() {
            if byte == quote {
                offset += 1
                return value
            }
            if byte == UInt8(ascii: "\\"), !isRaw {
                value.append(try escape())
            } else {
                value.append(byte)
                offset += 1
            }
        }
        throw FilterError(unterminated, at: start..<bytes.count)
    }

    /// The byte that an escape stands for: as in C, with up to two hexadecimal or three octal digits.
    private mutating func escape() throws(FilterError) -> UInt8 {
        let start = offset
        offset += 1
        guard let letter = peek() else { throw FilterError("The escape at the end of the text is incomplete.", at: start..<bytes.count) }
        offset += 1
        if let plain = Self.escapes[letter] { return plain }
        if letter == UInt8(ascii: "x") || letter == UInt8(ascii: "X"), let value = number(base: 16, atMost: 2) { return UInt8(truncatingIfNeeded: value) }
        if (48...55).contains(letter) {
            offset -= 1
            if let value = number(base: 8, atMost: 3), value < 256 { return UInt8(value) }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        throw FilterError("\(text) is not a valid character escape sequence.", at: start..<offset)
    }

    private mutating func number(base: Int, atMost limit: Int) -> Int? {
        var value: Int?
        for _ in 0..<limit {
            guard let digit = peek()?.hexDigitValue, digit < base else { break }
            value = (value ?? 0) * base + digit
            offset += 1
        }
        return value
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
        UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, UInt8(ascii: "\\"): 92, UInt8(ascii: "\""): 34, UInt8(ascii: "'"): 39,
    ]

    /// The longer ones first.
    private static let symbols: [(text: String, kind: Token.Kind)] = [
        ("===", .relation(Relation(.equal, .all))), ("!==", .relation(Relation(.notEqual, .any))),
        ("==", .relation(Relation(.equal))), ("!=", .relation(Relation(.notEqual, .all))), ("~=", .relation(Relation(.notEqual, .any))),
        (">=", .relation(Relation(.greaterOrEqual))), ("<=", .relation(Relation(.lessOrEqual))),
        (">", .relation(Relation(.greater))), ("<", .relation(Relation(.less))),
        ("&&", .and), ("||", .or), ("!", .not), ("(", .leftParenthesis), (")", .rightParenthesis),
    ]

    private static let keywords: [String: Token.Kind] = [
        "and": .and, "or": .or, "not": .not,
        "eq": .relation(Relation(.equal)), "any_eq": .relation(Relation(.equal)), "all_eq": .relation(Relation(.equal, .all)),
        "ne": .relation(Relation(.notEqual, .all)), "all_ne": .relation(Relation(.notEqual, .all)), "any_ne": .relation(Relation(.notEqual, .any)),
        "gt": .relation(Relation(.greater)), "lt": .relation(Relation(.less)),
        "ge": .relation(Relation(.greaterOrEqual)), "le": .relation(Relation(.lessOrEqual)),
    ]
}

extension UInt8 {
    var isDigit: Bool { (48...57).contains(self) }

    fileprivate var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57: true
        case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"): true
        default: false
        }
    }

    var hexDigitValue: Int? {
        switch self {
        case 48...57: Int(self) - 48
        case 65...70: Int(self) - 55
        case 97...102: Int(self) - 87
        default: nil
        }
    }
}
