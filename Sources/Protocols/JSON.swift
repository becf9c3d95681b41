import Dissection
import Wire

/// JavaScript Object Notation (RFC 8259): objects and arrays, one behind the other. What follows them, or what is none, is
/// shown as lines of text.
public struct JSON: Dissector {
    private let proto: ProtocolID
    private let node, array, object, member, key, path, pathWithValue, memberWithValue: FieldID
    private let string, number, falseValue, nullValue, trueValue, notANumber: FieldID
    private let textLines: DissectorID?

    public init(registering r: inout Registrar) {
        proto = r.proto("json", "JavaScript Object Notation", short: "JSON")
        node = r.node(of: proto)
        array = r.field("json.array", "Array", .none)
        object = r.field("json.object", "Object", .none)
        member = r.field("json.member", "Member", .string)
        key = r.field("json.key", "Key", .string)
        path = r.field("json.path", "Path", .string)
        pathWithValue = r.field("json.path_with_value", "Path with value", .string)
        memberWithValue = r.field("json.member_with_value", "Member with value", .string)
        string = r.field("json.value.string", "String value", .string)
        number = r.field("json.value.number", "Number value", .string)
        falseValue = r.field("json.value.false", "False value", .none)
        nullValue = r.field("json.value.null", "Null value", .none)
        trueValue = r.field("json.value.true", "True value", .none)
        notANumber = r.field("json.value.nan", "NaN value", .none)
        textLines = r.dissector(named: "data-text-lines")
        let dissector = r.dissector(self, proto)
        r.offer(dissector, in: "tcp.port", "udp.port")
        r.add(
            dissector, to: "media_type",
            texts: [
                "application/json", "application/json-rpc", "application/jsonrequest", "application/x-ndjson", "application/dds-web+json",
                "application/senml+json", "application/sensml+json", "application/merge-patch+json", "application/json-patch+json",
                "application/problem+json", "application/vnd.oma.lwm2m+json",
            ])
        // RFC 6839, section 3.1. Few of these types are known here: their bytes have to look like JSON.
        r.add(r.dissector(self, proto), to: "media_type", .suffix("+json"), ifRecognized: true)
    }

    public func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool {
        let bytes = reader.capturedBytes
        let offset = JSONSyntax.skipBlanks(bytes, 0)
        return offset < bytes.count && (bytes[offset] == 123 || bytes[offset] == 91)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        describe(&context)
        let bytes = reader.bytes[0..<reader.capturedEnd]
        let begin = reader.offset
        let top = context.begin(node, reader, byteCount: 0)
        let type = context.packet.mediaType
        context.appendLabel(top) {
            guard let type else { return }
            $0.append(": ")
            $0.appendCopy(of: type.name.range)
        }
        var offset = JSONSyntax.skipBlanks(bytes, begin)
        while offset < bytes.count, bytes[offset] == 91 || bytes[offset] == 123, let end = JSONSyntax.valueEnd(bytes, offset, depth: 0) {
            var place = Path()
            if context.wantsFields(of: proto) { addValue(offset, end, reader, &place, &context) }
            offset = JSONSyntax.skipBlanks(bytes, end)
            reader.offset = offset
        }
        context.setByteCount(top, reader.offset - begin)
        context.close()
        if reader.capturedRemaining > 0, let textLines {
            let isWritable = context.columns.isWritable
            context.columns.isWritable = false
            context.run(textLines, reader.rest)
            context.columns.isWritable = isWritable
        }
    }

    private func describe(_ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.proto.append("/JSON")
        context.columns.separateInfo()
        context.columns.appendInfo("JavaScript Object Notation")
        context.appendMediaTypeToInfo()
    }

    // MARK: Values, whose syntax was checked

    /// Where a value stands among those around it: `/key/[]`.
    private struct Path {
        var text: [UInt8] = []
        /// Where the last part begins, behind its slash.
        var lastBegin = 0

        /// Runs `body` with one more part at the end.
        mutating func with(_ part: [UInt8], _ body: (inout Path) -> Void) {
            let (count, begin) = (text.count, lastBegin)
            text.append(47)
            lastBegin = text.count
            text.append(contentsOf: part)
            body(&self)
            text.removeLast(text.count - count)
            lastBegin = begin
        }
    }

    private func addValue(_ begin: Int, _ end: Int, _ reader: Reader, _ place: inout Path, _ context: inout Context) {
        let bytes = reader.bytes[0..<end]
        switch bytes[begin] {
        case 123:
            context.add(object, reader, begin, end - begin)
            context.open()
            addMembers(bytes, begin + 1, reader, &place, &context)
            context.close()
        case 91:
            context.add(array, reader, begin, end - begin)
            context.open()
            addElements(bytes, begin + 1, reader, &place, &context)
            context.close()
        default: addScalar(bytes, begin, reader, place, &context)
        }
    }

    private func addMembers(_ bytes: ByteView, _ first: Int, _ reader: Reader, _ place: inout Path, _ context: inout Context) {
        var offset = JSONSyntax.skipBlanks(bytes, first)
        while offset < bytes.count, bytes[offset] == 34, let keyEnd = JSONSyntax.stringEnd(bytes, offset) {
            let keyBegin = offset
            let valueBegin = JSONSyntax.skipBlanks(bytes, JSONSyntax.skipBlanks(bytes, keyEnd) + 1)
            guard let valueEnd = JSONSyntax.valueEnd(bytes, valueBegin, depth: 0) else { return }
            let name = JSONSyntax.unescaped(bytes, keyBegin, keyEnd)
            _ = context.addText(member, reader, keyBegin, valueEnd - keyBegin) { $0.append(name) }
            context.open()
            place.with(name) { place in
                addValue(valueBegin, valueEnd, reader, &place, &context)
                _ = context.addText(key, reader, keyBegin, keyEnd - keyBegin) { $0.append(name) }
                _ = context.addText(path, reader, keyBegin, valueEnd - keyBegin, flags: .generated) { $0.append(place.text) }
            }
            context.close()
            offset = JSONSyntax.skipBlanks(bytes, JSONSyntax.skipBlanks(bytes, valueEnd) + 1)
        }
    }

    private func addElements(_ bytes: ByteView, _ first: Int, _ reader: Reader, _ place: inout Path, _ context: inout Context) {
        place.with([91, 93]) { place in
            var offset = JSONSyntax.skipBlanks(bytes, first)
            while offset < bytes.count - 1, let end = JSONSyntax.valueEnd(bytes, offset, depth: 0) {
                addValue(offset, end, reader, &place, &context)
                offset = JSONSyntax.skipBlanks(bytes, JSONSyntax.skipBlanks(bytes, end) + 1)
            }
        }
    }

    private func addScalar(_ bytes: ByteView, _ begin: Int, _ reader: Reader, _ place: Path, _ context: inout Context) {
        let isString = bytes[begin] == 34
        let value = isString ? JSONSyntax.unescaped(bytes, begin, bytes.count) : bytes[begin..<bytes.count].copy()
        let count = bytes.count - begin
        _ = context.addText(pathWithValue, reader, begin, count, flags: .generated) {
            $0.append(place.text)
            $0.append(58)
            $0.append(value)
        }
        _ = context.addText(memberWithValue, reader, begin, count, flags: .generated) {
            $0.append(Array(place.text[place.lastBegin...]))
            $0.append(58)
            $0.append(value)
        }
        switch bytes[begin] {
        case 34: _ = context.addText(string, reader, begin, count) { $0.append(value) }
        case 116: context.add(trueValue, reader, begin, count)
        case 102: context.add(falseValue, reader, begin, count)
        case 110: context.add(nullValue, reader, begin, count)
        case 78: context.add(notANumber, reader, begin, count)
        default: _ = context.addText(number, reader, begin, count) { $0.append(value) }
        }
    }
}

/// The grammar (RFC 8259), over bytes of which nothing is known.
enum JSONSyntax {
    /// Values inside each other, at most: deeper ones are no JSON, as for most readers, and take stack.
    private static let depthLimit = 24

    /// Where the value at `offset` ends; nil where there is none.
    static func valueEnd(_ bytes: ByteView, _ offset: Int, depth: Int) -> Int? {
        guard offset < bytes.count else { return nil }
        switch bytes[offset] {
        case 123, 91: return depth < depthLimit ? listEnd(bytes, offset, depth: depth + 1) : nil
        case 34: return stringEnd(bytes, offset)
        case 116: return wordEnd(bytes, offset, "true")
        case 102: return wordEnd(bytes, offset, "false")
        case 110: return wordEnd(bytes, offset, "null")
        case 78: return wordEnd(bytes, offset, "NaN")
        default: return numberEnd(bytes, offset)
        }
    }

    /// The end of an object or array (sections 4 and 5).
    private static func listEnd(_ bytes: ByteView, _ begin: Int, depth: Int) -> Int? {
        let isObject = bytes[begin] == 123
        let close: UInt8 = isObject ? 125 : 93
        var offset = skipBlanks(bytes, begin + 1)
        if offset < bytes.count, bytes[offset] == close { return offset + 1 }
        while offset < bytes.count {
            if isObject {
                guard bytes[offset] == 34, let keyEnd = stringEnd(bytes, offset) else { return nil }
                offset = skipBlanks(bytes, keyEnd)
                guard offset < bytes.count, bytes[offset] == 58 else { return nil }
                offset = skipBlanks(bytes, offset + 1)
            }
            guard let end = valueEnd(bytes, offset, depth: depth) else { return nil }
            offset = skipBlanks(bytes, end)
            guard offset < bytes.count else { return nil }
            if bytes[offset] == close { return offset + 1 }
            guard bytes[offset] == 44 else { return nil }
            offset = skipBlanks(bytes, offset + 1)
        }
        return nil
    }

    /// The end of a string (section 7); control characters are let pass.
    static func stringEnd(_ bytes: ByteView, _ begin: Int) -> Int? {
        var offset = begin + 1
        while offset < bytes.count {
            switch bytes[offset] {
            case 34: return offset + 1
            case 92:
                guard let count = escapeByteCount(bytes, offset) else { return nil }
                offset += count
            default: offset += 1
            }
        }
        return nil
    }

    private static func escapeByteCount(_ bytes: ByteView, _ offset: Int) -> Int? {
        guard offset + 1 < bytes.count else { return nil }
        switch bytes[offset + 1] {
        case 34, 47, 92, 98, 102, 110, 114, 116: return 2
        case 117: return codeUnit(bytes, offset) == nil ? nil : 6
        default: return nil
        }
    }

    /// The number in `\u1234` at `offset`.
    private static func codeUnit(_ bytes: ByteView, _ offset: Int) -> UInt32? {
        guard bytes.hasPrefix("\\u", at: offset), offset + 6 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in offset + 2..<offset + 6 {
            guard let digit = bytes[index].hexadecimalValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// The end of a number (section 6).
    private static func numberEnd(_ bytes: ByteView, _ begin: Int) -> Int? {
        var offset = begin
        if bytes[offset] == 45 { offset += 1 }
        guard let whole = digitsEnd(bytes, offset) else { return nil }
        if bytes[offset] == 48, whole > offset + 1 { return nil }
        offset = whole
        if offset < bytes.count, bytes[offset] == 46 {
            guard let end = digitsEnd(bytes, offset + 1) else { return nil }
            offset = end
        }
        if offset < bytes.count, bytes[offset].lowercased == 101 {
            let hasSign = offset + 1 < bytes.count && (bytes[offset + 1] == 43 || bytes[offset + 1] == 45)
            guard let end = digitsEnd(bytes, offset + (hasSign ? 2 : 1)) else { return nil }
            offset = end
        }
        return offset
    }

    private static func digitsEnd(_ bytes: ByteView, _ begin: Int) -> Int? {
        var offset = begin
        while offset < bytes.count, (48...57).contains(bytes[offset]) { offset += 1 }
        return offset > begin ? offset : nil
    }

    private static func wordEnd(_ bytes: ByteView, _ offset: Int, _ word: StaticString) -> Int? {
        bytes.hasPrefix(word, at: offset) ? offset + word.utf8CodeUnitCount : nil
    }

    static func skipBlanks(_ bytes: ByteView, _ begin: Int) -> Int {
        var offset = begin
        while offset < bytes.count, bytes[offset] == 32 || (9...10).contains(bytes[offset]) || bytes[offset] == 13 { offset += 1 }
        return offset
    }

    /// The text of a string in its quotes: escapes undone, up to what is no UTF-8.
    static func unescaped(_ bytes: ByteView, _ begin: Int, _ end: Int) -> [UInt8] {
        let bytes = bytes[0..<max(begin, end - 1)]
        var out: [UInt8] = []
        var offset = begin + 1
        while offset < bytes.count {
            if bytes[offset] == 92 {
                offset = appendEscape(bytes, offset, &out)
                continue
            }
            let scalar = bytes.scalar(at: offset)
            if !scalar.isValid || bytes[offset] == 0 { break }
            for index in offset..<offset + scalar.byteCount { out.append(bytes[index]) }
            offset += scalar.byteCount
        }
        return out
    }

    /// Appends what an escape stands for, a surrogate pair as one; returns where it ends.
    private static func appendEscape(_ bytes: ByteView, _ offset: Int, _ out: inout [UInt8]) -> Int {
        guard offset + 1 < bytes.count else { return bytes.count }
        switch bytes[offset + 1] {
        case 98: out.append(8)
        case 102: out.append(12)
        case 110: out.append(10)
        case 114: out.append(13)
        case 116: out.append(9)
        case 117: return appendCodeUnits(bytes, offset, &out)
        case let byte: out.append(byte)
        }
        return offset + 2
    }

    private static func appendCodeUnits(_ bytes: ByteView, _ offset: Int, _ out: inout [UInt8]) -> Int {
        guard let high = codeUnit(bytes, offset) else { return bytes.count }
        var value = high
        var end = offset + 6
        if (0xd800...0xdbff).contains(high), let low = codeUnit(bytes, end), (0xdc00...0xdfff).contains(low) {
            value = 0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)
            end += 6
        }
        // A zero would end the text for others, and is left out.
        if value != 0 { out.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8) }
        return end
    }
}
