import Dissection
import Wire

/// A body whose media type no dissector knows.
public struct Media: Dissector {
    private let node, type: FieldID

    public init(registering r: inout Registrar) {
        let proto = r.proto("media", "Media Type", short: "Media")
        node = r.node(of: proto)
        type = r.field("media.type", "Media type", .bytes)
        r.dissector(self, proto)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.appendMediaTypeToInfo()
        let count = reader.remaining
        context.begin(node, reader)
        let mediaType = context.packet.mediaType
        try reader.require(count)
        let item = context.add(type, reader, reader.offset, count)
        context.label(item) {
            $0.append("Media type: ")
            if let mediaType {
                $0.appendCopy(of: mediaType.name.range)
                if mediaType.parameters.byteCount > 0 {
                    $0.append("; ")
                    $0.appendCopy(of: mediaType.parameters.range)
                }
            }
            $0.append(" (")
            $0.append(decimal: count)
            $0.append(count == 1 ? " byte)" : " bytes)")
        }
        context.close()
    }
}

extension MediaType {
    init(_ name: ByteView, parameters: ByteView, _ context: inout Context) {
        let name = name.trimmingBlanksBefore.trimmingBlanksAfter.upToNUL
        let begin = context.text.count
        for offset in 0..<name.count { context.text.append(name[offset].lowercased) }
        let middle = context.text.count
        context.text.append(parameters.trimmingBlanksBefore.upToNUL)
        self.init(
            name: ArenaRange(offset: UInt32(begin), byteCount: UInt32(middle - begin)),
            parameters: ArenaRange(offset: UInt32(middle), byteCount: UInt32(context.text.count - middle)))
    }
}

extension Context {
    /// ` (text/html)`
    mutating func appendMediaTypeToInfo() {
        guard columns.accepts, let type = packet.mediaType else { return }
        columns.info.append(" (")
        columns.info.append(text.bytes(type.name.range))
        columns.info.append(")")
    }
}
