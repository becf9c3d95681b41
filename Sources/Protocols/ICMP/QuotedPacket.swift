import Dissection
import Wire

/// Hands the packet that an error message quotes to its dissector (RFC 1122, section 3.2.2; RFC 4443, section 2.4).
struct QuotedPacket: Sendable {
    private let types: TableID
    private let etherType: UInt32
    private let version: UInt8?
    private let data: DissectorID?

    /// - Parameters:
    ///   - etherType: of the version of IP.
    ///   - version: the number that a packet has to begin with; others are shown as data.
    init(etherType: UInt32, version: UInt8?, _ r: inout Registrar) {
        types = r.table("ethertype")
        self.etherType = etherType
        self.version = version
        data = r.dissector(named: "data")
    }

    /// Dissects what is left of the reader as a packet of its own, under the present node. The columns and what lower
    /// layers said of the outer packet stay as they are. Returns false if the capture ends within the quoted packet.
    func dissect(_ reader: Reader, _ context: inout Context) throws(DissectionError) -> Bool {
        if let version, try reader.peekUInt8() >> 4 != version {
            if let data { context.nested { $0.run(data, reader.rest) } }
            return true
        }
        guard reader.remaining > 0 else { return true }
        let outer = context.packet
        let isWritable = context.columns.isWritable
        context.packet.isInError = true
        context.columns.isWritable = false
        context.nested { _ = $0.dispatch(types, etherType, reader.rest) }
        context.columns.isWritable = isWritable
        // The ports of the conversation that the error is about stand for it.
        let ports = (context.packet.sourcePort, context.packet.destinationPort)
        context.packet = outer
        (context.packet.sourcePort, context.packet.destinationPort) = ports
        return !context.wasTruncated
    }
}
