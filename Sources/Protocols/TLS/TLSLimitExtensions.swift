import Dissection
import Wire

/// Extensions about records and the connection as a whole.
struct TLSLimitExtensions: Sendable {
    private let fragmentLength, recordSize, heartbeatMode, padding, earlyData: FieldID
    private let renegotiationLength, renegotiation: FieldID
    private let connectionLength, connection: FieldID
    private let vectors: TLSVectors

    init(_ vectors: TLSVectors, _ r: inout Registrar) {
        self.vectors = vectors
        fragmentLength = r.field(
            "tls.handshake.max_fragment_length", "Maximum Fragment Length", .uint8, .decimal, strings: TLSValues.fragmentLengths)
        recordSize = r.field("tls.record_size_limit", "Record Size Limit", .uint16, .decimal)
        heartbeatMode = r.field("tls.handshake.extension.heartbeat.mode", "Mode", .uint8, .decimal, strings: TLSValues.heartbeatModes)
        padding = r.field("tls.handshake.extensions_padding_data", "Padding Data", .bytes)
        earlyData = r.field("tls.early_data.max_early_data_size", "Maximum Early Data Size", .uint32, .decimal)
        renegotiationLength = r.field(
            "tls.handshake.extensions_reneg_info_len", "Renegotiation info extension length", .uint8, .decimal)
        renegotiation = r.field("tls.handshake.extensions_reneg_info", "Renegotiation info", .bytes)
        connectionLength = r.field("tls.connection_id_length", "Connection ID length", .uint8, .decimal)
        connection = r.field("tls.connection_id", "Connection ID", .bytes)
    }

    /// RFC 6066, section 4.
    func addFragmentLength(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(fragmentLength, &data)
    }

    /// RFC 8449, section 4.
    func addRecordSize(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint16(recordSize, &data)
    }

    /// RFC 6520, section 2.
    func addHeartbeat(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(heartbeatMode, &data)
    }

    /// RFC 7685, section 3.
    func addPadding(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        try data.require(data.remaining)
        context.add(padding, data, data.offset, data.remaining)
        data.offset = data.reportedEnd
    }

    /// RFC 8446, section 4.2.10.
    func addEarlyData(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint32(earlyData, &data)
    }

    /// RFC 5746, section 3.2.
    func addRenegotiation(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.heading(data, data.offset, data.capturedRemaining) { $0.append("Renegotiation Info extension") }
        context.open()
        defer { context.close() }
        try vectors.bytes(renegotiationLength, width: 1, renegotiation, 0...255, &data, &context)
    }

    /// RFC 9146, section 3.
    func addConnectionID(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        try vectors.bytes(connectionLength, width: 1, connection, 0...255, &data, &context)
    }
}
