import Dissection
import Wire

/// Bytes that no dissector takes, as bytes.
public struct DataBytes: Dissector {
    private let node, data, length: FieldID

    public init(registering r: inout Registrar) {
        let proto = r.proto("data", "Data", short: "Data")
        node = r.node(of: proto)
        data = r.field("data.data", "Data", .bytes)
        length = r.field("data.len", "Length", .int32, .decimal)
        r.add(r.dissector(self, proto), to: "media_type", texts: ["application/octet-stream"])
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let count = reader.capturedRemaining
        guard count > 0 else { return }
        let top = context.begin(node, reader)
        context.label(top) { $0.append("Data", byteCount: count) }
        context.add(data, reader, reader.offset, count)
        context.generated(length, reader, reader.offset, value: UInt64(count))
        context.close()
    }
}
