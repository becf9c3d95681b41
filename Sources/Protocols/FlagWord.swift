import Dissection
import Wire

/// A word of flags and small numbers: an item for the whole word, which names the flags that are set and the numbers that
/// have names, and one for each part under it.
struct FlagWord: Sendable {
    enum Part {
        case flag(String, String, UInt64, StaticString = "Set", StaticString = "Not set")
        case number(String, String, UInt64, FieldBase = .decimal, ValueStrings? = nil)
    }

    private let word: FieldID
    private let parts: [FieldID]
    private let byteCount: Int

    /// - Parameters:
    ///   - name: `icmpv6.nd.ra.flag`
    ///   - parts: suffix to the prefix, title, and mask within the word, in the order in which they are shown.
    ///   - prefix: of the parts' names, where it is not the word's name.
    init(_ name: String, _ title: String, _ type: FieldType, prefix: String? = nil, _ parts: [Part], _ r: inout Registrar) {
        word = r.field(name, title, type, .hex)
        byteCount = type.bitCount / 8
        var fields: [FieldID] = []
        for part in parts {
            switch part {
            case .flag(let suffix, let title, let mask, let on, let off):
                fields.append(r.flag((prefix ?? name) + "." + suffix, title, wordBits: type.bitCount, mask: mask, on, off))
            case .number(let suffix, let title, let mask, let base, let strings):
                fields.append(r.field((prefix ?? name) + "." + suffix, title, type, base, strings: strings, mask: mask))
            }
        }
        self.parts = fields
    }

    /// Reads the word and adds it with its parts.
    @discardableResult
    func add(_ reader: inout Reader, _ context: inout Context, isLittleEndian: Bool = false) throws(DissectionError) -> UInt64 {
        try reader.skip(byteCount)
        let offset = reader.offset - byteCount
        let stored = reader.bytes.unsigned(offset, byteCount: byteCount)
        let value = isLittleEndian ? stored.byteSwapped >> UInt64(64 - byteCount * 8) : stored
        let order: Item.Flags = isLittleEndian ? .littleEndian : []
        let item = context.add(word, reader, offset, byteCount, value: value, flags: order)
        let registry = context.registry
        context.appendLabel(item) {
            for part in parts { $0.append(name: registry[part], in: value) }
        }
        context.open()
        for part in parts { context.bits(part, reader, offset, byteCount, word: value, flags: order) }
        context.close()
        return value
    }
}

extension TextBuffer {
    /// `, Managed address configuration` for a flag that is set, `, Preference: High` for a number with names.
    fileprivate mutating func append(name field: FieldInfo, in word: UInt64) {
        let value = (word & field.mask) >> field.shift
        if field.type == .boolean {
            guard value != 0 else { return }
            append(", ")
            append(field.name)
        } else if let strings = field.strings {
            append(", ")
            append(field.name)
            append(": ")
            append(strings.name(of: value) ?? "Unknown")
        }
    }
}
