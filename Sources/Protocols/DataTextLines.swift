import Dissection
import Wire

/// Text of any kind, line by line: what media types like text/plain hold.
public struct DataTextLines: Dissector {
    private let node: FieldID

    public init(registering r: inout Registrar) {
        let proto = r.proto("data-text-lines", "Line-based text data", short: "Line-based text data")
        node = r.node(of: proto)
        r.add(
            r.dissector(self, proto), to: "media_type",
            texts: [
                "text/plain", "text/html", "text/css", "text/javascript", "text/richtext", "text/enriched", "application/x-javascript",
                "text/parameters", "text/xml-external-parsed-entity", "application/x-ns-proxy-autoconfig", "application/x-rtsp-udp-packetpair",
                "application/xml-external-parsed-entity", "application/vnd.drm.message", "application/vnd.poc.refer-to",
                "application/x-tia-p25-issi", "application/x-tia-p25-sndcp", "text/vnd.sun.j2me.app-descriptor", "text/x-ref-list", "text/x-ref-simple",
            ])
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.appendMediaTypeToInfo()
        let bytes = reader.bytes[0..<reader.capturedEnd]
        let top = context.begin(node, reader)
        var count = 0
        while reader.offset < reader.capturedEnd {
            let begin = reader.offset
            let end = (bytes.firstIndex(of: 10, from: begin) ?? bytes.count - 1) + 1
            context.heading(reader, begin, end - begin) { $0.append(bytes[begin..<end]) }
            reader.offset = end
            count += 1
        }
        context.close()
        let type = context.packet.mediaType
        context.appendLabel(top) {
            if let type {
                $0.append(": ")
                $0.appendCopy(of: type.name.range)
            }
            $0.append(" (")
            $0.append(decimal: count)
            $0.append(" lines)")
        }
        if reader.capturedEnd < reader.reportedEnd { throw reader.shortfall(reader.remaining, at: reader.offset) }
    }
}
