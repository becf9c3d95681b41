import Dissection
import Streams
import Wire

/// The packets of OpenVPN's control channel, which carries TLS reliably over whatever is below.
///
///     opcode and key number      1 byte
///     session                    8 bytes, the sender's
///     protection                 where the channel has a key of its own (OpenVPNProtection.swift)
///     acknowledgments            1 byte: how many; 4 bytes each; where there are any the other side's session, 8 bytes
///     number of the packet       4 bytes, but not in a P_ACK_V1
///     payload
///
/// With tls-crypt all behind the protection is encrypted. Numbers count the packets of one direction and key: what their payloads say in
/// this order is put together up to where a packet and a TLS record end together.
final class OpenVPNControl: Sendable {
    private let session, hmac, replayNumber, time, acknowledgmentCount, acknowledgment, remoteSession, number: FieldID
    private let data, wrappedKey, wrappedKeyLength, fragment, reassembledIn: FieldID
    private let fragments: AssemblyFields
    private let protection: OpenVPNProtection
    private let tls: DissectorID?
    private let state: StateKey<OpenVPNConversations>
    private let facts: FactKey<OpenVPNFacts>

    init(_ proto: ProtocolID, registering r: inout Registrar) {
        session = r.field("openvpn.sessionid", "Session ID", .uint64, .decimal)
        hmac = r.field("openvpn.hmac", "HMAC", .bytes)
        replayNumber = r.field("openvpn.pid", "Replay-Packet-ID", .uint32, .decimal)
        time = r.field("openvpn.net_time", "Net Time", .absoluteTime, .utc)
        remoteSession = r.field("openvpn.rsessionid", "Remote Session ID", .uint64, .decimal)
        number = r.field("openvpn.mpid", "Message Packet-ID", .uint32, .decimal)
        acknowledgmentCount = r.field("openvpn.mpidarraylength", "Message Packet-ID Array Length", .uint8, .decimal)
        acknowledgment = r.field("openvpn.mpidarrayelement", "Message Packet-ID Array Element", .uint32, .decimal)
        data = r.field("openvpn.data", "Data", .bytes)
        wrappedKey = r.field("openvpn.wkc", "Wrapped client key", .bytes)
        wrappedKeyLength = r.field("openvpn.wkc_len", "Wrapped client key length", .uint16, .decimal)
        fragment = r.field("openvpn.fragment_bytes", "Fragment bytes", .bytes)
        reassembledIn = r.field("openvpn.reassembled.in", "Reassembled message in frame", .frameNumber, needs: [.reassembly, .laterFrames])
        fragments = AssemblyFields(
            AssemblyFields.Names(
                group: "openvpn.fragment", hasFaults: false, length: "openvpn.reassembled.length", piece: "Message fragment",
                all: "Message fragments", allType: .none, unit: "Message fragment", reassembledInTitle: "",
                lengthTitle: "Reassembled message length", heading: "Message fragments", source: "Reassembled message"), &r)
        protection = OpenVPNProtection(registering: &r)
        tls = r.dissector(named: "tls")
        state = r.state("conversations", budget: 4, { OpenVPNConversations(proto, byteLimit: $0) }, measure: { ($0.count, $0.byteCount) }, evicted: { $0.evictedCount })
        facts = r.facts(OpenVPNFacts.self)
    }

    /// Decodes what follows the opcode in an open layer, and closes it.
    func dissect(_ header: OpenVPN.Header, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let sender = try context.uint64(session, &reader)
        switch protection.form(of: reader, opcode: header.opcode, context) {
        case .encrypted:
            try addReplayProtection(isLong: true, &reader, &context)
            try context.addBytes(hmac, OpenVPNProtection.encryptedHMACByteCount, &reader)
            try addEncrypted(header, &reader, &context)
            return context.close()
        case .authenticated(let byteCount):
            try context.addBytes(hmac, byteCount, &reader)
            try addReplayProtection(isLong: protection.isLong, &reader, &context)
        case .plain: break
        }
        try addAcknowledgments(&reader, &context)
        guard header.opcode != OpenVPNOpcode.acknowledgment else {
            try addData(reader, &context)
            return context.close()
        }
        let number = try context.uint32(self.number, &reader)
        guard header.opcode == OpenVPNOpcode.control, reader.remaining > 0 else {
            track(header, sender, number, reader.next(0), &context)
            try addData(reader, &context)
            return context.close()
        }
        let found = track(header, sender, number, reader.rest, &context)
        try handOn(found, reader.rest, &context)
    }

    private func addReplayProtection(isLong: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint32(replayNumber, &reader)
        guard isLong else { return }
        let seconds = try reader.uint32()
        context.add(time, reader, reader.offset - 4, 4, value: UInt64(seconds) * 1_000_000_000)
    }

    /// What is encrypted, and behind it, where the client says which it has, its key: the last two bytes say how long that is.
    private func addEncrypted(_ header: OpenVPN.Header, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard [OpenVPNOpcode.wrappedReset, OpenVPNOpcode.wrappedControl].contains(header.opcode) else { return try addData(reader, &context) }
        var end = reader
        try end.skip(max(2, reader.remaining) - 2)
        let byteCount = Int(try end.peekUInt16())
        guard byteCount <= reader.remaining else { throw reader.shortfall(byteCount, at: reader.offset) }
        try addData(reader.next(reader.remaining - byteCount), &context)
        guard byteCount > 0 else { return }
        reader.offset = reader.reportedEnd - byteCount
        try addBytes(wrappedKey, "Wrapped client key", reader, &context)
        context.open()
        context.add(wrappedKeyLength, end, end.offset, 2, value: UInt64(byteCount))
        context.close()
    }

    private func addAcknowledgments(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let count = Int(try context.uint8(acknowledgmentCount, &reader))
        guard count > 0 else { return }
        context.heading(reader, reader.offset, 0) { $0.append("Packet-ID Array") }
        context.open()
        for _ in 0..<count { try context.uint32(acknowledgment, &reader) }
        context.close()
        try context.uint64(remoteSession, &reader)
    }

    /// What is left of a packet, if anything is.
    func addData(_ reader: Reader, _ context: inout Context) throws(DissectionError) {
        if reader.remaining > 0 { try addBytes(data, "Data", reader, &context) }
    }

    private func addBytes(_ field: FieldID, _ title: StaticString, _ reader: Reader, _ context: inout Context) throws(DissectionError) {
        context.heading(reader, reader.offset, reader.capturedRemaining) { $0.append(title, byteCount: reader.remaining) }
        context.open()
        context.add(field, reader, reader.offset, reader.capturedRemaining)
        context.close()
        try reader.require(reader.remaining)
    }

    // MARK: Messages

    /// What the payload is part of: found out on the first pass, looked up on the second.
    @discardableResult
    private func track(
        _ header: OpenVPN.Header, _ sender: UInt64, _ number: UInt32, _ payload: Reader, _ context: inout Context
    ) -> OpenVPNFacts {
        if context.pass == .second { return context.fact(facts) ?? OpenVPNFacts() }
        guard let stream = context.packet.stream, !context.packet.isInError else { return OpenVPNFacts(channel: nil, part: .whole) }
        let frame = context.frame.number
        let isCut = payload.capturedEnd < payload.reportedEnd
        let part = OpenVPNPart(
            frame: frame, frameOffset: payload.source == 0 ? payload.offset : nil, bytes: isCut ? nil : payload.capturedBytes.copy())
        var found = context.state.ref(state).value.add(part, number, header.keyNumber, sender, stream)
        if isCut, TLSFraming.mayBeRecord(payload.capturedBytes) { found.part = .whole }
        context.keep(facts, found.asFact(mayLackFrames: context.mayLackFrames))
        if case .message(let assembly) = found.part {
            for piece in assembly.pieces {
                context.amend(facts, frame: piece.frame) { if $0.part.isWaiting, $0.completedIn == nil { $0.completedIn = frame } }
            }
        }
        return found
    }

    /// Shows the payload's part of a message, and hands on the message that it ends.
    private func handOn(_ found: OpenVPNFacts, _ payload: Reader, _ context: inout Context) throws(DissectionError) {
        switch found.part {
        case .unknown:
            try addData(payload, &context)
            context.close()
        case .whole:
            context.close()
            runTLS(payload, found.channel, &context)
            // A record may end where the capture cut the packet.
            if !context.wasTruncated { try payload.require(payload.remaining) }
        case .waiting:
            try addBytes(fragment, "Message fragment", payload, &context)
            if let frame = found.completedIn, frame != context.frame.number { context.add(reassembledIn, payload, payload.offset, 0, value: UInt64(frame)) }
            context.close()
        case .message(let assembly):
            try addBytes(fragment, "Message fragment", payload, &context)
            guard let message = fragments.derive(assembly, from: payload, &context) else {
                context.expert(context.registry.core.limitExpert)
                return context.close()
            }
            fragments.show(assembly, message, &context)
            context.close()
            runTLS(message, found.channel, &context)
        }
    }

    /// A channel's TLS is a connection of its own, whatever it runs over.
    private func runTLS(_ message: Reader, _ channel: StreamPosition?, _ context: inout Context) {
        guard let tls else { return }
        let outer = context.packet.stream
        context.packet.stream = channel
        context.run(tls, message)
        // Only this protocol's packets belong to the channel: nothing asks who took it over.
        if let channel { context.forgetConversation(channel) }
        context.packet.stream = outer
    }
}
