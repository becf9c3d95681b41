import Dissection
import Wire

extension ASN1Decoder {
    /// A string of one of the types that X.680 has for them (section 41).
    func string(_ kind: ASN1StringKind, _ field: FieldID, _ contents: Reader, _ context: inout Context) {
        let (begin, count) = (contents.start, contents.remaining)
        switch kind {
        case .utf8: context.string(field, contents, begin, count)
        case .bmp, .universal, .teletex:
            _ = context.addText(field, contents, begin, count) { $0.append(contents.capturedBytes, as: kind) }
        default: context.string(field, contents, begin, count, flags: .ascii)
        }
    }
}

extension TextBuffer {
    /// The text of a string up to its first NUL, as UTF-8.
    mutating func append(_ bytes: ByteView, as kind: ASN1StringKind) {
        switch kind {
        case .bmp: appendUTF16(bytes)
        case .universal: appendUTF32(bytes)
        case .teletex: append(teletex: bytes)
        default: append(bytes.upToNUL)
        }
    }

    private mutating func append(scalarValue value: UInt32) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        for unit in scalar.utf8 { append(unit) }
    }

    /// Two octets a character, and four for those beyond 16 bits. An odd octet at the end is left out.
    mutating func appendUTF16(_ bytes: ByteView, isLittleEndian: Bool = false) {
        func unit(_ offset: Int) -> UInt32 { UInt32(isLittleEndian ? bytes.uint16LE(offset) : bytes.uint16(offset)) }
        var offset = 0
        while offset + 2 <= bytes.count, case let first = unit(offset), first != 0 {
            offset += 2
            guard first & 0xfc00 == 0xd800, offset + 2 <= bytes.count, unit(offset) & 0xfc00 == 0xdc00 else {
                append(scalarValue: first)
                continue
            }
            append(scalarValue: 0x10000 + (first & 0x3ff) << 10 + unit(offset) & 0x3ff)
            offset += 2
        }
    }

    private mutating func appendUTF32(_ bytes: ByteView) {
        var offset = 0
        while offset + 4 <= bytes.count, case let value = bytes.uint32(offset), value != 0 {
            append(scalarValue: value)
            offset += 4
        }
    }

    /// ITU-T T.61: ASCII, more characters from A0 on, and accents that stand before their letter.
    private mutating func append(teletex bytes: ByteView) {
        var offset = 0
        while offset < bytes.count, bytes[offset] != 0 {
            let byte = bytes[offset]
            offset += 1
            if byte < 0x80 {
                append(byte)
            } else if TeletexCharacters.isAccent(byte), offset < bytes.count, bytes[offset].isLetter {
                append(accent: byte, over: bytes[offset])
                offset += 1
            } else {
                append(scalarValue: TeletexCharacters.scalar(byte))
            }
        }
    }

    private mutating func append(accent: UInt8, over letter: UInt8) {
        if let whole = TeletexCharacters.letter(letter, withAccent: accent) { return append(scalarValue: whole) }
        append(letter)
        append(scalarValue: TeletexCharacters.combining(accent))
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (65...90).contains(lowercased ^ 0x20) }
}

/// The right half of T.61's table.
enum TeletexCharacters {
    /// From A0 on; a blank where there is no character.
    private static let right: [Unicode.Scalar] = Array(
        ("\u{a0}¡¢£$¥#§¤  «    °±²³×µ¶·÷  »¼½¾¿ `´^~¯˘˙¨ ˚¸\u{332}˝˛ˇ                ΩÆÐªĦ ĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ ").unicodeScalars)
    private static let marks: [UInt32] = [
        0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x307, 0x308, 0, 0x30a, 0x327, 0x332, 0x30b, 0x328, 0x30c,
    ]
    /// Letters with each accent from C1 on: the bare letter and the whole one.
    private static let letters: [StaticString] = [
        "AÀEÈIÌOÒUÙaàeèiìoòuù", "AÁCĆEÉIÍLĹNŃOÓRŔSŚUÚYÝZŹaácćeégǵiílĺnńoórŕsśuúyýzź",
        "AÂCĈEÊGĜHĤIÎJĴOÔSŜUÛWŴYŶaâcĉeêgĝhĥiîjĵoôsŝuûwŵyŷ", "AÃIĨNÑOÕUŨaãiĩnñoõuũ", "AĀEĒIĪOŌUŪaāeēiīoōuū", "AĂGĞUŬaăgğuŭ",
        "AȦCĊEĖGĠIİZŻaȧcċeėgġzż", "AÄEËIÏOÖUÜYŸaäeëiïoöuüyÿ", "", "AÅUŮaåuů", "CÇGĢKĶLĻNŅRŖSŞTŢcçkķlļnņrŗsştţ", "", "OŐUŰoőuű",
        "AĄEĘIĮUŲaąeęiįuų", "AǍCČDĎEĚLĽNŇRŘSŠTŤZŽaǎcčdďeělľnňrřsštťzž",
    ]

    static func scalar(_ byte: UInt8) -> UInt32 {
        // Control characters.
        if byte < 0xa0 { return UInt32(byte) }
        let index = Int(byte) - 0xa0
        guard index < right.count, right[index] != " " else { return 0xfffd }
        return right[index].value
    }

    static func isAccent(_ byte: UInt8) -> Bool { (0xc1...0xcf).contains(byte) && byte != 0xc9 }

    static func combining(_ accent: UInt8) -> UInt32 { marks[min(Int(accent) - 0xc1, marks.count - 1)] }

    static func letter(_ letter: UInt8, withAccent accent: UInt8) -> UInt32? {
        let pairs = Array("\(letters[min(Int(accent) - 0xc1, letters.count - 1)])".unicodeScalars)
        for index in stride(from: 0, to: pairs.count - 1, by: 2) where pairs[index].value == UInt32(letter) { return pairs[index + 1].value }
        return nil
    }
}
