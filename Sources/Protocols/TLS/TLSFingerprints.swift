import Dissection
import Wire

/// Fingerprints of hellos, as the JA3 method has them: numbers of what the endpoint can do, and the MD5 of that text.
struct TLSFingerprints: Sendable {
    private let clientText, clientHash, serverText, serverHash: FieldID

    init(registering r: inout Registrar) {
        clientText = r.field("tls.handshake.ja3_full", "JA3 Fullstring", .string)
        clientHash = r.field("tls.handshake.ja3", "JA3", .string)
        serverText = r.field("tls.handshake.ja3s_full", "JA3S Fullstring", .string)
        serverHash = r.field("tls.handshake.ja3s", "JA3S", .string)
    }

    /// - Parameters:
    ///   - suites: the elements of the list.
    ///   - extensions: the list with its length.
    ///   - hello: the whole body.
    func addClient(version: UInt16, suites: Reader, extensions: Reader, _ hello: Reader, _ context: inout Context) {
        guard context.wants(clientText) || context.wants(clientHash) else { return }
        add(clientText, clientHash, at: extensions, &context) { text in
            text.append(decimal: version)
            text.append(",")
            Self.append(suites.capturedBytes, width: 2, &text)
            text.append(",")
            let types = Self.appendTypes(extensions, &text)
            text.append(",")
            if let groups = types.groups { Self.append(groups[2..<max(2, groups.count)], width: 2, &text) }
            text.append(",")
            if let formats = types.formats { Self.append(formats[1..<max(1, formats.count)], width: 1, &text) }
        }
    }

    func addServer(version: UInt16, suite: UInt16, extensions: Reader, _ hello: Reader, _ context: inout Context) {
        guard context.wants(serverText) || context.wants(serverHash) else { return }
        add(serverText, serverHash, at: extensions, &context) { text in
            text.append(decimal: version)
            text.append(",")
            text.append(decimal: suite)
            text.append(",")
            Self.appendTypes(extensions, &text)
        }
    }

    private func add(_ text: FieldID, _ hash: FieldID, at place: Reader, _ context: inout Context, _ write: (inout TextBuffer) -> Void) {
        let begin = context.text.count
        write(&context.text)
        let range = ArenaRange(offset: UInt32(begin), byteCount: UInt32(context.text.count - begin))
        context.add(text, place, place.offset, 0, value: range.packed, flags: [.generated, .inArena])
        _ = context.addText(hash, place, place.offset, 0, flags: .generated) { $0.append(md5Of: $0.bytes(range.range)) }
    }

    // MARK: Numbers

    /// RFC 8701: values that say nothing.
    private static func isReserved(_ value: UInt16) -> Bool { value & 0x0f0f == 0x0a0a && value >> 8 == value & 0xff }

    private static func append(_ value: UInt16, isFirst: inout Bool, _ text: inout TextBuffer) {
        guard !isReserved(value) else { return }
        if !isFirst { text.append("-") }
        isFirst = false
        text.append(decimal: value)
    }

    private static func append(_ elements: ByteView, width: Int, _ text: inout TextBuffer) {
        var isFirst = true
        var offset = 0
        while offset + width <= elements.count {
            append(width == 1 ? UInt16(elements[offset]) : elements.uint16(offset), isFirst: &isFirst, &text)
            offset += width
        }
    }

    /// Appends the types of the extensions; gives the data of the two whose elements count.
    @discardableResult
    private static func appendTypes(_ extensions: Reader, _ text: inout TextBuffer) -> (groups: ByteView?, formats: ByteView?) {
        var found: (groups: ByteView?, formats: ByteView?)
        let bytes = extensions.capturedBytes
        var isFirst = true
        var offset = 2
        while offset + 4 <= bytes.count {
            let type = bytes.uint16(offset)
            let data = bytes[offset + 4..<offset + 4 + Int(bytes.uint16(offset + 2))]
            append(type, isFirst: &isFirst, &text)
            if type == 10 { found.groups = data }
            if type == 11 { found.formats = data }
            offset += 4 + Int(bytes.uint16(offset + 2))
        }
        return found
    }
}
