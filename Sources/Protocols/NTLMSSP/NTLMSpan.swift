import Dissection
import Wire

/// What a message says of bytes behind its fixed part: how many, in how much room, from which offset of the message on.
struct NTLMSpan {
    static let byteCount = 8

    /// Where the span itself stands in the source.
    let place: Int
    let byteCount: UInt16
    let room: UInt16
    let offset: Int

    init(_ reader: inout Reader) throws(DissectionError) {
        place = reader.offset
        try reader.skip(Self.byteCount)
        byteCount = reader.bytes.uint16LE(place)
        room = reader.bytes.uint16LE(place + 2)
        offset = Int(reader.bytes.uint32LE(place + 4))
    }
}

extension Reader {
    /// The bytes of a message that a span names; nil where there are none, or not all of them.
    func part(_ span: NTLMSpan) -> Reader? {
        guard span.byteCount > 0, span.offset <= capturedEnd - start - Int(span.byteCount) else { return nil }
        var part = self
        part.offset = start + span.offset
        return part.next(Int(span.byteCount))
    }

    func peekUInt32LE() throws(DissectionError) -> UInt32 {
        try require(4)
        return bytes.uint32LE(offset)
    }
}

extension TextBuffer {
    /// The text of a field: two bytes a character with the low byte first, or one.
    mutating func append(_ part: Reader, isUnicode: Bool) {
        if isUnicode { appendUTF16(part.capturedBytes, isLittleEndian: true) } else { append(printable: part.capturedBytes) }
    }
}
