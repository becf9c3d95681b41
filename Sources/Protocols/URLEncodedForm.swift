import Dissection
import Wire

/// HTML form data: `key=value&key=value`, with other characters as percent escapes (WHATWG URL, section 5.1).
public struct URLEncodedForm: Dissector {
    private let proto: ProtocolID
    private let node, key, value: FieldID

    public init(registering r: inout Registrar) {
        proto = r.proto("urlencoded-form", "HTML Form URL Encoded", short: "URL Encoded Form Data")
        node = r.node(of: proto)
        key = r.field("urlencoded-form.key", "Key", .stringZero)
        value = r.field("urlencoded-form.value", "Value", .stringZero)
        r.add(r.dissector(self, proto), to: "media_type", texts: ["application/x-www-form-urlencoded"])
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.appendMediaTypeToInfo()
        let bytes = reader.bytes[0..<reader.capturedEnd]
        let top = context.begin(node, reader)
        let type = context.packet.mediaType
        context.appendLabel(top) {
            guard let type else { return }
            $0.append(": ")
            $0.appendCopy(of: type.name.range)
        }
        while reader.offset < reader.capturedEnd, context.wantsFields(of: proto) {
            let begin = reader.offset
            let keyEnd = bytes.firstIndex(of: 61, from: begin) ?? bytes.count
            let valueBegin = keyEnd + 1
            let end = bytes.firstIndex(of: 38, from: valueBegin) ?? bytes.count
            guard let key = Self.decoded(bytes[begin..<keyEnd]), let value = Self.decoded(bytes[valueBegin..<max(end, valueBegin)]) else {
                context.heading(reader, begin, 0) { $0.append("Form item") }
                // An escape that the end cuts off.
                if let sign = bytes.firstIndex(of: 37, from: max(begin, bytes.count - 2)) { throw reader.shortfall(3, at: sign) }
                break
            }
            addItem(key, begin..<keyEnd, value, valueBegin..<max(end, valueBegin), end, reader, &context)
            reader.offset = end + 1
        }
        context.close()
        reader.offset = reader.capturedEnd
    }

    private func addItem(
        _ key: [UInt8], _ keyRange: Range<Int>, _ value: [UInt8], _ valueRange: Range<Int>, _ end: Int, _ reader: Reader, _ context: inout Context
    ) {
        context.heading(reader, keyRange.lowerBound, min(end + 1, reader.capturedEnd) - keyRange.lowerBound) {
            $0.append("Form item: \"")
            $0.append(key)
            $0.append("\" = \"")
            $0.append(value)
            $0.append("\"")
        }
        context.open()
        _ = context.addText(self.key, reader, keyRange.lowerBound, keyRange.count) { $0.append(key) }
        _ = context.addText(self.value, reader, min(valueRange.lowerBound, reader.capturedEnd), valueRange.count) { $0.append(value) }
        context.close()
    }

    /// Percent escapes undone, and plus signs as spaces; nil where an escape is none.
    private static func decoded(_ text: ByteView) -> [UInt8]? {
        var out: [UInt8] = []
        var offset = 0
        while offset < text.count {
            switch text[offset] {
            case 43: out.append(32)
            case 37:
                guard offset + 2 < text.count, let high = text[offset + 1].hexadecimalValue, let low = text[offset + 2].hexadecimalValue else { return nil }
                out.append(high << 4 | low)
                offset += 2
            case let byte: out.append(byte)
            }
            offset += 1
        }
        return out
    }
}
