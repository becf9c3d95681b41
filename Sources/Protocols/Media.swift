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
            $0.append("", byteCount: count)
        }
        context.close()
    }
}

/// The dissectors of bodies, by their media type or by their bytes.
struct MediaTypes: Sendable {
    private let types, heuristics: TableID
    private let media, data: DissectorID?

    /// - Parameter heuristics: the table of those that are tried for types that have none.
    init(registering r: inout Registrar, heuristics name: String) {
        types = r.table("media_type", title: "Internet media type", .string)
        heuristics = r.table(name, title: name == "http" ? "HTTP payload fallback" : nil)
        media = r.dissector(named: "media")
        data = r.dissector(named: "data")
    }

    /// The dissector for a body of a type like `text/html; charset=utf-8`; nil where none takes it.
    func dissector(for type: ByteView, _ body: Reader, _ context: borrowing Context) -> DissectorID? {
        context.lookUp(types, text: Self.name(of: type), for: body) ?? recognizer(body, context)
    }

    /// Whether the dissector of a type does not take a body that is said to be of it.
    func isRefused(_ type: ByteView, _ body: Reader, _ context: borrowing Context) -> Bool {
        context.isRefused(types, text: Self.name(of: type), body)
    }

    private static func name(of type: ByteView) -> String {
        type[0..<(type.firstIndex(of: 59) ?? type.count)].trimmingBlanksBefore.trimmingBlanksAfter.string.lowercased()
    }

    /// The dissector that recognizes a body, whatever it is called. The layer below ends where that begins, wanted or not.
    func recognizer(_ body: Reader, _ context: borrowing Context) -> DissectorID? { context.recognizer(heuristics, body, amongAll: true) }

    /// Hands a body on with its type; what no dissector takes is shown as a whole.
    func handOn(_ body: Reader, _ type: ByteView, to dissector: DissectorID?, _ context: inout Context) {
        let semicolon = type.firstIndex(of: 59) ?? type.count
        let outer = context.packet.mediaType
        context.packet.mediaType = MediaType(type[0..<semicolon], parameters: type[(semicolon + 1)..<max(type.count, semicolon + 1)], &context)
        if let dissector = dissector ?? media ?? data { context.run(dissector, body) }
        context.packet.mediaType = outer
    }
}

extension ByteView {
    var string: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
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
