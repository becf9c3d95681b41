import Wire

/// One piece of a document, with the places of its parts.
enum XMLToken {
    /// `<?name a="b"?>`; `nameEnd` is where the name ends.
    case instruction(nameEnd: Int, attributes: [XMLAttribute])
    case comment
    case cdataSection
    /// `<!DOCTYPE name SYSTEM "uri">`, or up to the `[` that opens its declarations.
    case doctype(name: Range<Int>, opens: Bool)
    /// `]>`
    case doctypeEnd
    /// `<!ELEMENT …>` and its kin.
    case declaration
    case tag(nameEnd: Int, attributes: [XMLAttribute], isEmpty: Bool)
    case endTag
    case text
}

/// `name="value"`, or without quotes where authors leave them out.
struct XMLAttribute {
    let name: Range<Int>
    /// Without its quotes.
    let value: Range<Int>
    let end: Int

    var whole: Range<Int> { name.lowerBound..<end }
}

/// The grammar of XML (W3C, Extensible Markup Language 1.0), as far as a tree needs it, over bytes of which nothing is known.
enum XMLSyntax {
    /// Attributes of one tag, at most: real ones have a few dozen.
    private static let attributeLimit = 1000

    /// The token at `begin`, and where it ends; nil for what is none.
    static func token(_ bytes: ByteView, at begin: Int, inDoctype: Bool) -> (token: XMLToken, end: Int)? {
        guard begin < bytes.count else { return nil }
        if inDoctype, bytes.hasPrefix("]>", at: begin) { return (.doctypeEnd, begin + 2) }
        guard bytes[begin] == 60 else { return (.text, bytes.firstIndex(of: 60, from: begin) ?? bytes.count) }
        if bytes.hasPrefix("<!--", at: begin), let end = end(of: "-->", bytes, from: begin + 4) { return (.comment, end) }
        if bytes.hasPrefix("<![CDATA[", at: begin) { return end(of: "]]>", bytes, from: begin + 9).map { (.cdataSection, $0) } }
        if bytes.hasPrefix("<?", at: begin) { return instruction(bytes, begin) }
        if bytes.hasPrefix("</", at: begin) { return endTag(bytes, begin) }
        if let found = doctype(bytes, begin) { return found }
        if bytes.hasPrefix("<!", at: begin) { return bytes.firstIndex(of: 62, from: begin).map { (.declaration, $0 + 1) } }
        return tag(bytes, begin)
    }

    static func skipBlanks(_ bytes: ByteView, from begin: Int) -> Int {
        var offset = begin
        while offset < bytes.count, isBlank(bytes[offset]) { offset += 1 }
        return offset
    }

    /// The first blank at or after `begin`, or the end.
    static func nextBlank(_ bytes: ByteView, from begin: Int) -> Int {
        var offset = begin
        while offset < bytes.count, !isBlank(bytes[offset]) { offset += 1 }
        return offset
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

    /// Where `text` ends that comes next.
    private static func end(of text: StaticString, _ bytes: ByteView, from begin: Int) -> Int? {
        var offset = begin
        while let found = bytes.firstIndex(of: text.utf8Start[0], from: offset) {
            if bytes.hasPrefix(text, at: found) { return found + text.utf8CodeUnitCount }
            offset = found + 1
        }
        return nil
    }

    // MARK: Tags (section 3.1) and processing instructions (section 2.6)

    private static func tag(_ bytes: ByteView, _ begin: Int) -> (token: XMLToken, end: Int)? {
        let nameBegin = skipBlanks(bytes, from: begin + 1)
        guard let nameEnd = qualifiedNameEnd(bytes, nameBegin) else { return nil }
        let (attributes, offset) = attributes(bytes, from: nameEnd)
        let isEmpty = bytes.hasPrefix("/>", at: offset)
        guard isEmpty || bytes.hasPrefix(">", at: offset) else { return nil }
        return (.tag(nameEnd: nameEnd, attributes: attributes, isEmpty: isEmpty), offset + (isEmpty ? 2 : 1))
    }

    private static func endTag(_ bytes: ByteView, _ begin: Int) -> (token: XMLToken, end: Int)? {
        guard let nameEnd = qualifiedNameEnd(bytes, skipBlanks(bytes, from: begin + 2)) else { return nil }
        let offset = skipBlanks(bytes, from: nameEnd)
        return bytes.hasPrefix(">", at: offset) ? (.endTag, offset + 1) : nil
    }

    private static func instruction(_ bytes: ByteView, _ begin: Int) -> (token: XMLToken, end: Int)? {
        guard let nameEnd = nameEnd(bytes, begin + 2) else { return nil }
        let (attributes, offset) = attributes(bytes, from: nameEnd)
        return bytes.hasPrefix("?>", at: offset) ? (.instruction(nameEnd: nameEnd, attributes: attributes), offset + 2) : nil
    }

    /// The attributes from `begin` on, and where they and the blanks behind them end.
    private static func attributes(_ bytes: ByteView, from begin: Int) -> (list: [XMLAttribute], end: Int) {
        var found: [XMLAttribute] = []
        var offset = skipBlanks(bytes, from: begin)
        while found.count < attributeLimit, let attribute = attribute(bytes, offset) {
            found.append(attribute)
            offset = skipBlanks(bytes, from: attribute.end)
        }
        return (found, offset)
    }

    private static func attribute(_ bytes: ByteView, _ begin: Int) -> XMLAttribute? {
        guard let nameEnd = qualifiedNameEnd(bytes, begin) else { return nil }
        let sign = skipBlanks(bytes, from: nameEnd)
        guard bytes.hasPrefix("=", at: sign) else { return nil }
        let offset = skipBlanks(bytes, from: sign + 1)
        guard offset < bytes.count else { return nil }
        if bytes[offset] == 34 || bytes[offset] == 39 {
            guard let close = bytes.firstIndex(of: bytes[offset], from: offset + 1) else { return nil }
            return XMLAttribute(name: begin..<nameEnd, value: offset + 1..<close, end: close + 1)
        }
        return self.nameEnd(bytes, offset).map { XMLAttribute(name: begin..<nameEnd, value: offset..<$0, end: $0) }
    }

    /// The end of a name with a namespace's prefix or without (Namespaces in XML, section 4).
    private static func qualifiedNameEnd(_ bytes: ByteView, _ begin: Int) -> Int? {
        guard let end = nameEnd(bytes, begin) else { return nil }
        guard bytes.hasPrefix(":", at: end) else { return end }
        return nameEnd(bytes, end + 1) ?? end
    }

    private static func nameEnd(_ bytes: ByteView, _ begin: Int) -> Int? {
        var offset = begin
        while offset < bytes.count, isName(bytes[offset]) { offset += 1 }
        return offset > begin ? offset : nil
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 46, 95: true
        default: false
        }
    }

    // MARK: Document type (section 2.8)

    private static func doctype(_ bytes: ByteView, _ begin: Int) -> (token: XMLToken, end: Int)? {
        guard bytes[begin..<bytes.count].hasPrefix(ignoringCase: "<!doctype") else { return nil }
        let nameBegin = skipBlanks(bytes, from: begin + 9)
        guard nameBegin > begin + 9, let nameEnd = qualifiedNameEnd(bytes, nameBegin) else { return nil }
        var offset = skipBlanks(bytes, from: nameEnd)
        let hasIdentifier = bytes.hasPrefix("SYSTEM", at: offset) || bytes.hasPrefix("PUBLIC", at: offset)
        if hasIdentifier {
            offset = skipBlanks(bytes, from: offset + 6)
            // Two literals at most: the public and the system identifier.
            for _ in 0..<2 {
                guard offset < bytes.count, bytes[offset] == 34 || bytes[offset] == 39 else { break }
                guard let close = bytes.firstIndex(of: bytes[offset], from: offset + 1) else { return nil }
                offset = skipBlanks(bytes, from: close + 1)
            }
        }
        if bytes.hasPrefix("[", at: offset) { return (.doctype(name: nameBegin..<nameEnd, opens: true), offset + 1) }
        return hasIdentifier && bytes.hasPrefix(">", at: offset) ? (.doctype(name: nameBegin..<nameEnd, opens: false), offset + 1) : nil
    }
}
