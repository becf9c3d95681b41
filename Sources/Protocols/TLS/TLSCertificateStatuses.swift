import Dissection
import Wire

/// What a responder says of a certificate, and the request for it (RFC 6066, section 8; RFC 6961).
struct TLSCertificateStatuses: Sendable {
    private let type, requestLength, responderIDsLength, requestExtensionsLength, requestsLength: FieldID
    private let responsesLength, responseLength: FieldID
    private let notDecoded: ExpertID
    private let vectors: TLSVectors
    private let decoder: DissectorID?

    init(_ vectors: TLSVectors, _ r: inout Registrar) {
        self.vectors = vectors
        type = r.field(
            "tls.handshake.extensions_status_request_type", "Certificate Status Type", .uint8, .decimal, strings: TLSValues.statusTypes)
        requestLength = r.field("tls.handshake.extensions_status_request_len", "Certificate Status Length", .uint16, .decimal)
        responderIDsLength = r.field(
            "tls.handshake.extensions_status_request_responder_ids_len", "Responder ID list Length", .uint16, .decimal)
        requestExtensionsLength = r.field(
            "tls.handshake.extensions_status_request_exts_len", "Request Extensions Length", .uint16, .decimal)
        requestsLength = r.field(
            "tls.handshake.extensions_status_request_list_len", "Certificate Status List Length", .uint16, .decimal)
        responsesLength = r.field("tls.handshake.ocsp_response_list_len", "OCSP Response List Length", .uint24, .decimal)
        responseLength = r.field("tls.handshake.ocsp_response_len", "OCSP Response Length", .uint24, .decimal)
        notDecoded = r.expert(
            "tls.handshake.status_request.undecoded", .undecoded, .note,
            "Responder ID list or Request Extensions are not implemented, contact Wireshark developers if you want this to be supported")
        decoder = r.dissector(named: "ocsp")
    }

    /// The message of the server, or its extension in version 1.3.
    func add(_ body: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch try context.uint8(type, &body) {
        case 1: try addResponse(&body, &context)
        case 2:
            guard var list = try vectors.begin(responsesLength, width: 3, 1...0xff_ffff, &body, &context) else { return }
            while list.remaining > 0 { try addResponse(&list, &context) }
        default: break
        }
    }

    private func addResponse(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard let bytes = try vectors.begin(responseLength, width: 3, 1...0xff_ffff, &reader, &context) else {
            reader.offset = reader.reportedEnd
            return
        }
        guard bytes.remaining > 0 else { return }
        // The protocol's own node, though it is no layer here.
        if let node = context.registry.field(named: "ocsp")?.id {
            context.label(context.add(node, bytes, bytes.offset, bytes.capturedRemaining)) { $0.append("OCSP Response") }
        }
        context.open()
        defer { context.close() }
        if let decoder { try context.runInside(decoder, bytes, isContinued: true) }
        try bytes.require(bytes.remaining)
    }

    // MARK: Requests

    func addRequest(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard data.remaining > 0 else { return }
        if try context.uint8(type, &data) == 1 { try addRequestFields(&data, &context) }
    }

    func addRequests(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard var list = try vectors.begin(requestsLength, width: 2, 1...65535, &data, &context) else { return }
        while list.remaining > 0 {
            let requestType = try context.uint8(type, &list)
            guard var request = try vectors.begin(requestLength, width: 2, 0...65535, &list, &context) else { return }
            if requestType == 1 || requestType == 2 { try addRequestFields(&request, &context) }
        }
    }

    private func addRequestFields(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        for (field, name) in [(responderIDsLength, "Responder ID list is" as StaticString), (requestExtensionsLength, "Request Extensions are")] {
            guard let elements = try vectors.begin(field, width: 2, 0...65535, &data, &context) else { return }
            guard elements.remaining > 0 else { continue }
            func describe(_ text: inout TextBuffer) {
                text.append(name)
                text.append(" not implemented, contact Wireshark developers if you want this to be supported")
            }
            context.heading(elements, elements.offset, elements.capturedRemaining) { describe(&$0) }
            context.open()
            context.expert(notDecoded) { describe(&$0) }
            context.close()
        }
    }
}
