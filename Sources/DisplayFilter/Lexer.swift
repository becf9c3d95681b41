/// A piece of a filter's text.
struct Token: Equatable {
    enum Kind: Equatable {
        case and, or, xor, not
        case leftParenthesis, rightParenthesis, leftBrace, rightBrace, comma
        case relation(Relation)
        case contains, matches, within
        /// `any` or `all` before a comparison.
        case quantifier(Relation.Quantifier)
        case arithmetic(ArithmeticOperator)
        /// `..` between the ends of a range in a set.
        case dots
        /// `@` before a field: its bytes as they stand in the packet.
        case raw
        /// `#2`, `#[1-2]` behind a field: of which layers.
        case layers([IndexRange])
        /// `[0:4]` behind what has bytes.
        case slice([IndexRange])
        /// `${name}` or `$name`.
        case reference(String)
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

extension Token.Kind {
    /// Whether a value can end with it.
    var endsValue: Bool {
        switch self {
        case .word, .string, .character, .slice, .layers, .reference, .rightBrace, .rightParenthesis: true
        default: false
        }
    }
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
    /// Whether the last token is the end of a value.
    private var endsValue = false

    init(_ text: String) { bytes = Array(text.utf8) }

    /// All tokens, `end` the last.
    static func tokens(of text: String) throws(FilterError) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            lexer.endsValue = token.kind.endsValue
            if token.kind == .end { return tokens }
        }
    }

    private func peek(_ distance: Int = 0) -> UInt8? { offset + distance < bytes.count ? bytes[offset + distance] : nil }

    private mutating func next() throws(FilterError) -> Token {
        skipBlanks()
        let start = offset
        guard let byte = peek() else { return Token(kind: .end, range: start..<start) }
        if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "#") { return try indices() }
        if byte == UInt8(ascii: "$") { return try reference() }
        if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
            // Behind a value it is an operator; before a number it is a sign.
            if endsValue || !(peek(1)?.isDigit ?? false) {
                offset += 1
                return Token(kind: .arithmetic(byte == UInt8(ascii: "-") ? .subtract : .add), range: start..<offset)
            }
            return word()
        }
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
        if byte.isWordByte { return word() }
        repeat { offset += 1 } while peek().map { $0 & 0xc0 == 0x80 } ?? false
        return Token(kind: .unexpected, range: start..<offset)
    }

    /// A run of letters, digits and what joins them in names, numbers and addresses; with the prefix length of an address.
    private mutating func word() -> Token {
        let start = offset
        offset += 1
        while let byte = peek(), byte.isWordByte, !isAtDots { offset += 1 }
        if Self.isAddress(bytes[start..<offset]), peek() == UInt8(ascii: "/"), peek(1)?.isDigit ?? false {
            offset += 1
            while let byte = peek(), byte.isDigit { offset += 1 }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        return Token(kind: Self.keywords[text] ?? .word, range: start..<offset)
    }

    private var isAtDots: Bool { peek() == UInt8(ascii: ".") && peek(1) == UInt8(ascii: ".") }

    /// Whether a prefix length can follow: digits and points, or hexadecimal digits and colons, and not a number alone.
    private static func isAddress(_ word: ArraySlice<UInt8>) -> Bool {
        let isIPv6 = word.contains(UInt8(ascii: ":"))
        return (isIPv6 || word.contains(UInt8(ascii: ".")))
            && word.allSatisfy { $0 == UInt8(ascii: ".") || (isIPv6 ? $0 == UInt8(ascii: ":") || $0.hexDigitValue != nil : $0.isDigit) }
    }

    /// `${name}` or `$name`.
    private mutating func reference() throws(FilterError) -> Token {
        let start = offset
        offset += 1
        let isBraced = peek() == UInt8(ascii: "{")
        if isBraced { offset += 1 }
        let begin = offset
        while let byte = peek(), byte.isWordByte { offset += 1 }
        let name = String(decoding: bytes[begin..<offset], as: UTF8.self)
        if isBraced {
            guard peek() == UInt8(ascii: "}") else { throw FilterError("The closing brace of a reference is missing.", at: start..<offset) }
            offset += 1
        }
        guard !name.isEmpty else { throw FilterError("A reference names a field: ${tcp.stream}.", at: start..<offset) }
        return Token(kind: .reference(name), range: start..<offset)
    }

    // MARK: Slices and layers

    private mutating func indices() throws(FilterError) -> Token {
        let start = offset
        let isLayer = peek() == UInt8(ascii: "#")
        if isLayer { offset += 1 }
        var ranges: [IndexRange] = []
        if isLayer, peek() != UInt8(ascii: "[") {
            guard peek()?.isDigit ?? false else { throw FilterError("Behind # stands the number of a layer, or a list of them in brackets.", at: start..<offset) }
            ranges = [IndexRange(first: try index(), extent: .count(1))]
        } else {
            repeat {
                offset += 1
                ranges.append(try indexRange())
                skipBlanks()
            } while peek() == UInt8(ascii: ",")
            guard peek() == UInt8(ascii: "]") else { throw FilterError("The closing bracket is missing.", at: start..<offset) }
            offset += 1
        }
        return Token(kind: isLayer ? .layers(ranges) : .slice(ranges), range: start..<offset)
    }

    /// `4`, `4:2`, `4-5`, `4:`, `:4` or `:`.
    private mutating func indexRange() throws(FilterError) -> IndexRange {
        skipBlanks()
        let start = offset
        let first = peek() == UInt8(ascii: ":") ? 0 : try index()
        skipBlanks()
        var extent = IndexRange.Extent.count(1)
        if peek() == UInt8(ascii: ":") {
            offset += 1
            skipBlanks()
            extent = peek() == UInt8(ascii: "]") || peek() == UInt8(ascii: ",") ? .toEnd : .count(try index())
        } else if peek() == UInt8(ascii: "-") {
            offset += 1
            extent = .through(try index())
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if case .count(let count) = extent, count <= 0 { throw FilterError("Range \(text) isn't valid because length \(count) isn't positive.", at: start..<offset) }
        if case .through(let last) = extent, first >= 0, last >= 0, first > last {
            throw FilterError("Range \(text) isn't valid because \(first) is greater than \(last).", at: start..<offset)
        }
        return IndexRange(first: first, extent: extent)
    }

    private mutating func index() throws(FilterError) -> Int {
        skipBlanks()
        let start = offset
        if peek() == UInt8(ascii: "-") { offset += 1 }
        while let byte = peek(), byte.isWordByte, byte != UInt8(ascii: ":"), byte != UInt8(ascii: "-") { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if let number = try? IntegerLiteral(text), let magnitude = Int32(exactly: number.magnitude) { return number.isNegative ? -Int(magnitude) : Int(magnitude) }
        throw FilterError("\"\(text)\" is not a valid index.", at: start..<offset)
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 32 || (9...13).contains(byte) { offset += 1 }
    }

    // MARK: Quoted text

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
                value += try escape()
            } else {
                value.append(byte)
                offset += 1
            }
        }
        throw FilterError(unterminated, at: start..<bytes.count)
    }

    /// The bytes that an escape stands for: as in C, with up to two hexadecimal or three octal digits, or a character's number.
    private mutating func escape() throws(FilterError) -> [UInt8] {
        let start = offset
        offset += 1
        guard let letter = peek() else { throw FilterError("The escape at the end of the text is incomplete.", at: start..<bytes.count) }
        offset += 1
        if let plain = Self.escapes[letter] { return [plain] }
        if letter == UInt8(ascii: "x") || letter == UInt8(ascii: "X"), let value = number(base: 16, atMost: 2) { return [UInt8(truncatingIfNeeded: value)] }
        if letter == UInt8(ascii: "u") || letter == UInt8(ascii: "U") {
            let digitCount = letter == UInt8(ascii: "u") ? 4 : 8
            let begin = offset
            if let value = number(base: 16, atMost: digitCount), offset - begin == digitCount, let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value)) {
                return Array(scalar.utf8)
            }
        }
        if (48...55).contains(letter) {
            offset -= 1
            if let value = number(base: 8, atMost: 3), value < 256 { return [UInt8(value)] }
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
        ("&&", .and), ("||", .or), ("^^", .xor), ("!", .not), ("(", .leftParenthesis), (")", .rightParenthesis),
        ("{", .leftBrace), ("}", .rightBrace), (",", .comma), ("..", .dots), ("@", .raw), ("~", .matches),
        ("&", .arithmetic(.and)), ("*", .arithmetic(.multiply)), ("/", .arithmetic(.divide)), ("%", .arithmetic(.remainder)),
    ]

    private static let keywords: [String: Token.Kind] = [
        "and": .and, "or": .or, "xor": .xor, "not": .not, "contains": .contains, "matches": .matches, "in": .within,
        "any": .quantifier(.any), "all": .quantifier(.all), "bitwise_and": .arithmetic(.and), "bitand": .arithmetic(.and),
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
