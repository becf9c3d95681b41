import Dissection
import Streams
import Wire

/// Handshake messages on their way out of records (RFC 8446, section 4): several in a record, or one over several.
///
///     struct {
///         HandshakeType msg_type;    1 byte
///         uint24 length;
///         opaque body[length];
///     } Handshake;
final class TLSHandshakes: Sendable {
    static let headerByteCount = 4
    /// Bytes of a message, at most: what says that it is longer is encrypted.
    private static let messageByteLimit = 1 << 16

    private let node: FieldID
    private let fragments: AssemblyFields
    private let bodies: TLSHandshakeBodies
    let timestamps: TLSTimestamps
    private let facts: FactKey<TLSFragmentFacts>

    init(registering r: inout Registrar) {
        node = r.field("tls.handshake", "Handshake Protocol", .none)
        fragments = AssemblyFields(
            AssemblyFields.Names(
                group: "tls.handshake.fragment", hasFaults: false, reassembledIn: "tls.handshake.reassembled_in", piece: "Handshake Fragment",
                all: "Reassembled Handshake Fragments", allType: .none, unit: "Fragment", countTitle: "Handshake Fragment count",
                reassembledInTitle: "Reassembled Handshake Message in frame", heading: "Reassembled Handshake Fragments",
                source: "Reassembled Handshake Message"), &r)
        bodies = TLSHandshakeBodies(registering: &r)
        timestamps = bodies.timestamps
        facts = r.facts(TLSFragmentFacts.self)
    }

    /// Adds what a record holds.
    func addRecord(_ part: TLSRecords.Part, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        if !known.message(isFromServer: part.isFromServer).isOpen, isEncrypted(part, known) { return addEncrypted(part, &context) }
        var rest = part.body
        var title = TLSMessageTitle()
        defer { label(part, title, &context) }
        repeat {
            try addMessage(&rest, part, &known, &title, &context)
        } while rest.capturedRemaining > 0
    }

    private func label(_ part: TLSRecords.Part, _ title: TLSMessageTitle, _ context: inout Context) {
        context.label(part.top) {
            part.beginLabel(&$0)
            $0.append("Handshake Protocol: ")
            if title.count == 1, let name = title.name { $0.append(name) } else { $0.append("Multiple Handshake Messages") }
            if title.isFragment { $0.append(" (fragment)") }
        }
    }

    // MARK: Encrypted messages

    /// What follows a change of the cipher specification is encrypted; so is what names no message that fits.
    private func isEncrypted(_ part: TLSRecords.Part, _ known: TLSConversation) -> Bool {
        let body = part.body
        guard body.has(Self.headerByteCount) else { return false }
        if body.remaining >= 16, !known.isVersion13, known.hasChanged(isFromServer: part.isFromServer) { return true }
        return TLSMessage.name(body) == nil || Int(body.bytes.uint24(body.offset + 1)) >= Self.messageByteLimit
    }

    private func addEncrypted(_ part: TLSRecords.Part, _ context: inout Context) {
        context.appendInfoPart("Encrypted Handshake Message")
        context.label(part.top) {
            part.beginLabel(&$0)
            $0.append("Handshake Protocol: Encrypted Handshake Message")
        }
        let item = context.add(node, part.body, part.body.offset, part.body.capturedRemaining)
        context.label(item) { $0.append("Handshake Protocol: Encrypted Handshake Message") }
    }

    // MARK: Messages

    /// Adds the message at the start of `rest`, or the part of one.
    private func addMessage(
        _ rest: inout Reader, _ part: TLSRecords.Part, _ known: inout TLSConversation, _ title: inout TLSMessageTitle, _ context: inout Context
    ) throws(DissectionError) {
        // What the capture cut is no fragment: the rest is not there to be put together.
        let isCut = rest.capturedEnd < rest.reportedEnd || context.packet.stream == nil
        if known.message(isFromServer: part.isFromServer).isOpen { return try addFragment(&rest, part, &known, &title, &context) }
        guard rest.has(Self.headerByteCount) else {
            if !isCut { return try addFragment(&rest, part, &known, &title, &context) }
            throw rest.shortfall(Self.headerByteCount, at: rest.offset)
        }
        let byteCount = Self.headerByteCount + Int(rest.bytes.uint24(rest.offset + 1))
        if byteCount > rest.remaining, !isCut { return try addFragment(&rest, part, &known, &title, &context) }
        let message = rest.next(byteCount)
        rest.offset = message.reportedEnd
        title.add(TLSMessage.name(message))
        try addWhole(message, part, &known, &context)
        if byteCount > message.remaining { throw message.shortfall(byteCount, at: message.offset) }
    }

    private func addWhole(_ message: Reader, _ part: TLSRecords.Part, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        let name = TLSMessage.name(message)
        let type = message.bytes[message.offset]
        if context.columns.accepts {
            context.separateInfoPart()
            context.columns.info.append(name, messageType: type)
        }
        let item = context.add(node, message, message.offset, message.capturedRemaining)
        context.label(item) {
            $0.append("Handshake Protocol: ")
            $0.append(name, messageType: type)
        }
        context.open()
        try bodies.add(message, part, &known, &context)
        context.close()
    }

    private func addFragment(
        _ rest: inout Reader, _ part: TLSRecords.Part, _ known: inout TLSConversation, _ title: inout TLSMessageTitle, _ context: inout Context
    ) throws(DissectionError) {
        var message = known.message(isFromServer: part.isFromServer)
        let isFirst = !message.isOpen
        if isFirst { message = TLSPartialMessage(type: rest.capturedBytes.isEmpty ? 0 : rest.capturedBytes[0]) }
        let fragment = rest.next(message.take(rest.capturedBytes, frame: context.frame.number))
        rest.offset = fragment.reportedEnd
        let isLast = message.missingByteCount == 0
        known.set(isLast ? TLSPartialMessage() : message, isFromServer: part.isFromServer)
        let name = TLSValues.handshakeTypes.name(of: UInt64(message.type))
        let item = context.add(node, fragment, fragment.offset, fragment.capturedRemaining)
        context.label(item) {
            $0.append("Handshake Protocol: ")
            $0.append(name, messageType: message.type)
            $0.append(isLast ? " (last fragment)" : " (fragment)")
        }
        let completedIn = track(message, isLast: isLast, &context)
        if isFirst, title.count == 0, context.columns.accepts {
            context.appendInfoPart("[")
            context.columns.info.append(name, messageType: message.type)
            context.columns.appendInfo(" Fragment]")
        }
        if isFirst { title.addFragment(name) }
        guard isLast else {
            if completedIn > 0 { fragments.showReassembledIn(completedIn, fragment, at: part.layerStart, &context) }
            return
        }
        guard let whole = fragments.derive(message.assembly, from: part.body, &context) else { return }
        fragments.show(message.assembly, whole, &context)
        title.add(TLSMessage.name(whole))
        try addWhole(whole, part, &known, &context)
    }

    /// Tells the frames of the fragments where the message is whole; returns the frame that this one's is known to be whole in.
    private func track(_ message: TLSPartialMessage, isLast: Bool, _ context: inout Context) -> UInt32 {
        if context.pass == .second { return context.fact(facts)?.completedIn ?? 0 }
        context.keep(facts, TLSFragmentFacts())
        guard isLast else { return 0 }
        let frame = context.frame.number
        for piece in message.pieces { context.amend(facts, frame: piece.frame) { if $0.completedIn == 0 { $0.completedIn = frame } } }
        return 0
    }
}

/// What pass 1 leaves of a fragment: the frame in which the message is whole, 0 while that is not known.
struct TLSFragmentFacts: Sendable {
    var completedIn: UInt32 = 0
}

/// What the node of a record says that the record holds.
struct TLSMessageTitle {
    private(set) var count = 0
    private(set) var name: StaticString?
    /// The record holds no more than the beginning of a message.
    private(set) var isFragment = false

    mutating func add(_ name: StaticString?) {
        count += 1
        self.name = name
        isFragment = false
    }

    mutating func addFragment(_ name: StaticString?) {
        if count == 0 { isFragment = true }
        count += 1
        self.name = name
    }
}

/// Handshake messages as they are called.
enum TLSMessage {
    /// A server's hello that asks for another of the client's goes by a name of its own (RFC 8446, section 4.1.4).
    static func name(_ message: Reader) -> StaticString? {
        guard message.capturedRemaining > 0 else { return nil }
        let type = message.bytes[message.offset]
        if type == 2, TLSHellos.asksAgain(message.captured(message.offset + 6, 32)) { return "Hello Retry Request" }
        return TLSValues.handshakeTypes.name(of: UInt64(type))
    }
}

extension TextBuffer {
    mutating func append(_ name: StaticString?, messageType type: UInt8) {
        if let name { return append(name) }
        append("Unknown handshake type ")
        append(decimal: type)
    }
}
