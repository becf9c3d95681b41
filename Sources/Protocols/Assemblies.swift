import Dissection
import Streams
import Wire

/// The fields that show how a datagram or PDU was put together: `ip.fragments` and `tcp.segments` with what stands under
/// them.
struct AssemblyFields: Sendable {
    /// What the fields and texts of one kind of assembly are called.
    struct Names {
        /// `ip.fragment`; with an s the list.
        var group: String
        /// Whether there are fields for what may be wrong with a piece.
        var hasFaults = true
        /// `ip.reassembled_in`, `ip.reassembled.length`, `ip.reassembled.data`; not all are shown everywhere.
        var reassembledIn: String?
        var length: String?
        var data: String?
        /// Their titles.
        var piece: String
        var all: String
        var allType: FieldType
        var unit: String
        var countTitle: String?
        var error = ""
        var reassembledInTitle: String
        var lengthTitle = ""
        var dataTitle = ""
        /// `IPv4 Fragments`: in the text of the list.
        var heading: StaticString
        /// `Reassembled IPv4`: the new source.
        var source: StaticString
        /// What must be known for pieces to be put together.
        var needs = FieldNeeds.reassembly
    }

    private let all, piece, count: FieldID
    private let reassembledIn, length, data: FieldID?
    private let faults: Faults?
    private let heading: StaticString
    private let source: StaticString

    init(_ names: Names, _ r: inout Registrar) {
        heading = names.heading
        source = names.source
        all = r.field(names.group + "s", names.all, names.allType, needs: names.needs)
        piece = r.field(names.group, names.piece, .frameNumber, needs: names.needs)
        faults = names.hasFaults ? Faults(names, &r) : nil
        count = r.field(names.group + ".count", names.countTitle ?? names.unit + " count", .uint32, .decimal, needs: names.needs)
        reassembledIn = names.reassembledIn.map { r.field($0, names.reassembledInTitle, .frameNumber, needs: names.needs.union(.laterFrames)) }
        length = names.length.map { r.field($0, names.lengthTitle, .uint32, .decimal, needs: names.needs) }
        data = names.data.map { r.field($0, names.dataTitle, .bytes, needs: names.needs) }
    }

    /// Whether bytes of a piece differ from those of another at the same place.
    var conflict: FieldID? { faults?.conflict }

    /// The fields that tell what is wrong with a piece.
    private struct Faults {
        let piece, overlap, conflict, multipleTails, tooLong: FieldID

        init(_ names: Names, _ r: inout Registrar) {
            let unit = names.unit.lowercased()
            piece = r.field(names.group + ".error", names.error, .frameNumber, needs: names.needs)
            overlap = r.field(names.group + ".overlap", names.unit + " overlap", .boolean, needs: names.needs)
            conflict = r.field(names.group + ".overlap.conflict", "Conflicting data in \(unit) overlap", .boolean, needs: names.needs)
            multipleTails = r.field(names.group + ".multipletails", "Multiple tail \(unit)s found", .boolean, needs: names.needs)
            tooLong = r.field(names.group + ".toolongfragment", names.unit + " too long", .boolean, needs: names.needs)
        }
    }

    /// The bytes that were put together, as a new source of the frame.
    func derive(_ assembly: Assembly, from parent: Reader, _ context: inout Context) -> Reader? {
        let earlier = context.earlierFrames
        return context.derive(source, from: parent, byteCount: assembly.byteCount) { buffer in
            if !assembly.bytes.isEmpty || assembly.byteCount == 0 {
                buffer.copyBytes(from: assembly.bytes.prefix(buffer.count))
                return assembly.bytes.count
            }
            return Self.collect(assembly, earlier, into: buffer)
        }
    }

    /// Fetches the pieces again from their frames. Returns how many bytes there are without a gap.
    private static func collect(_ assembly: Assembly, _ frames: (any EarlierFrames)?, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let frames else { return 0 }
        var reached = 0
        for piece in assembly.pieces {
            let end = min(Int(piece.position) + Int(piece.byteCount), buffer.count)
            let skipped = reached - Int(piece.position)
            guard skipped >= 0, end > reached else { continue }
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[reached..<end])
            guard frames.copy(frame: piece.frame, offset: Int(piece.frameOffset) + skipped, into: part) == part.count else { break }
            reached = end
        }
        return reached
    }

    /// Shows the pieces, over the derived source.
    func show(_ assembly: Assembly, _ reader: Reader, _ context: inout Context) {
        let top = context.add(all, reader, 0, assembly.byteCount, flags: .generated)
        let heading = heading
        let pieces = assembly.usedPieces
        context.label(top) { Self.appendHeading(heading, pieceCount: pieces.count, byteCount: assembly.byteCount, &$0) }
        context.appendLabel(top) { Self.appendList(pieces, &$0) }
        context.open()
        for part in pieces { show(part, reader, &context) }
        context.generated(count, reader, 0, value: UInt64(pieces.count))
        if let length { context.generated(length, reader, 0, value: UInt64(assembly.byteCount)) }
        if let data { context.add(data, reader, 0, assembly.byteCount, flags: .generated) }
        context.close()
    }

    private func show(_ part: Piece, _ reader: Reader, _ context: inout Context) {
        let isFaulty = !part.flags.isDisjoint(with: [.conflict, .multipleTails, .tooLong])
        let byteCount = min(Int(part.byteCount), max(0, reader.reportedEnd - Int(part.position)))
        let item = context.add(
            isFaulty ? faults?.piece ?? piece : piece, reader, min(Int(part.position), reader.reportedEnd), byteCount, value: UInt64(part.frame), flags: .generated)
        context.label(item) {
            $0.append("Frame: ")
            $0.append(decimal: part.frame)
            $0.append(part.byteCount > 0 ? ", payload: " : " (no data)")
            guard part.byteCount > 0 else { return }
            $0.append(decimal: part.position)
            $0.append("-")
            $0.append(decimal: UInt64(part.position) + UInt64(part.byteCount) - 1)
            $0.append("", byteCount: part.byteCount)
        }
        guard !part.flags.isEmpty, let faults else { return }
        context.open()
        for (flag, field) in [
            (Piece.Flags.overlap, faults.overlap), (.conflict, faults.conflict), (.multipleTails, faults.multipleTails), (.tooLong, faults.tooLong),
        ]
        where part.flags.contains(flag) {
            context.generated(field, reader, 0, value: 1)
        }
        context.close()
    }

    /// Points at the frame in which the pieces come together.
    func showReassembledIn(_ frame: UInt32, _ reader: Reader, at offset: Int, _ context: inout Context) {
        if let reassembledIn { context.generated(reassembledIn, reader, offset, value: UInt64(frame)) }
    }

    /// `2 IPv4 Fragments (1710 bytes): #2(1480), #3(230)`
    private static func appendHeading(_ heading: StaticString, pieceCount: Int, byteCount: Int, _ text: inout TextBuffer) {
        text.append(decimal: pieceCount)
        text.append(" ")
        text.append(heading)
        if pieceCount == 1 { text.truncate(to: text.count - 1) }
        text.append(" (")
        text.append(decimal: byteCount)
        text.append(byteCount == 1 ? " byte): " : " bytes): ")
    }

    private static func appendList(_ pieces: [Piece], _ text: inout TextBuffer) {
        // A label holds no more than a few dozen pieces.
        for (index, part) in pieces.prefix(64).enumerated() {
            if index > 0 { text.append(", ") }
            text.append("#")
            text.append(decimal: part.frame)
            text.append("(")
            text.append(decimal: part.byteCount)
            text.append(")")
        }
    }
}

extension Assembly {
    /// The pieces as far as they were used.
    fileprivate var usedPieces: [Piece] {
        consumedByteCount == byteCount ? pieces : pieces.compactMap { piece in
            guard Int(piece.position) < consumedByteCount else { return nil }
            var used = piece
            used.byteCount = min(piece.byteCount, UInt32(consumedByteCount) - piece.position)
            return used
        }
    }
}
