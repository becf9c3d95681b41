import Dissection
import Wire

/// Session tickets (RFC 5077, section 3.3; RFC 8446, section 4.6.1).
struct TLSTickets: Sendable {
    private let lifetime, ageAdd, nonceLength, nonce, ticketLength, ticket: FieldID
    private let vectors: TLSVectors
    private let extensions: TLSExtensions

    init(_ vectors: TLSVectors, _ extensions: TLSExtensions, _ r: inout Registrar) {
        self.vectors = vectors
        self.extensions = extensions
        lifetime = r.field("tls.handshake.session_ticket_lifetime_hint", "Session Ticket Lifetime Hint", .uint32, .decimal, label: { value, out in
            out.append(decimal: value)
            out.append(value == 1 ? " second" : " seconds")
            Self.appendDuration(value, &out)
        })
        ageAdd = r.field("tls.handshake.session_ticket_age_add", "Session Ticket Age Add", .uint32, .decimal)
        nonceLength = r.field("tls.handshake.session_ticket_nonce_length", "Session Ticket Nonce Length", .uint8, .decimal)
        nonce = r.field("tls.handshake.session_ticket_nonce", "Session Ticket Nonce", .bytes)
        ticketLength = r.field("tls.handshake.session_ticket_length", "Session Ticket Length", .uint16, .decimal)
        ticket = r.field("tls.handshake.session_ticket", "Session Ticket", .bytes)
    }

    /// ` (2 hours)`, for a minute or more.
    private static func appendDuration(_ seconds: UInt64, _ out: inout TextBuffer) {
        guard seconds >= 60 else { return }
        out.append(" (")
        var isFirst = true
        let parts: [(UInt64, StaticString)] = [
            (seconds / 86400, " day"), (seconds % 86400 / 3600, " hour"), (seconds % 3600 / 60, " minute"), (seconds % 60, " second"),
        ]
        for (value, unit) in parts where value > 0 {
            if !isFirst { out.append(", ") }
            isFirst = false
            out.append(decimal: value)
            out.append(unit)
            if value > 1 { out.append("s") }
        }
        out.append(")")
    }

    func add(_ body: inout Reader, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        context.heading(body, body.offset, body.capturedRemaining) { $0.append("TLS Session Ticket") }
        context.open()
        defer { context.close() }
        try context.uint32(lifetime, &body)
        if known.isVersion13 {
            try context.uint32(ageAdd, &body)
            try vectors.bytes(nonceLength, width: 1, nonce, 0...255, &body, &context)
        }
        try vectors.bytes(ticketLength, width: 2, ticket, 0...65535, &body, &context)
        guard known.isVersion13 else { return }
        var unchanged = known
        try extensions.addList(.ticket, &body, &unchanged, &context)
    }
}
