import Dissection
import Wire

/// A domain name (RFC 1035, section 3.1) as text in the frame's arena, with full stops between its labels.
struct DNSName {
    /// Characters of a name in text, at most (RFC 1035, section 2.3.4, without the first length byte and the root's).
    private static let characterLimit = 253
    /// Pointers followed for one name, and labels read behind the first of them, at most: a name has fewer labels than
    /// that, so more are a loop.
    private static let hopLimit = 256

    /// The text, with escapes for what is not printable.
    let text: ArenaRange
    /// Where the name stands, from the start of the source.
    let offset: Int
    /// Bytes of the name at its place: up to and with a pointer.
    let byteCount: Int
    /// Characters of the text before escaping.
    let characterCount: Int
    /// Labels as the full stops in the text part them.
    let labelCount: Int

    /// Reads the name that `reader` stands at; pointers count from the start of `message` (RFC 1035, section 4.1.4).
    init(_ reader: inout Reader, in message: Reader, _ out: inout TextBuffer) throws(DissectionError) {
        var walk = Walk(message, from: reader.offset, textStart: out.count)
        while try walk.advance(&out) {}
        offset = reader.offset
        reader.offset = walk.ownEnd ?? walk.cursor.offset
        byteCount = reader.offset - offset
        var dotCount = walk.dotCount
        var characterCount = walk.characterCount
        if let name = walk.replacement {
            out.truncate(to: walk.textStart)
            out.append(name)
            characterCount = name.utf8CodeUnitCount
            dotCount = 0
        }
        text = ArenaRange(offset: UInt32(truncatingIfNeeded: walk.textStart), byteCount: UInt32(truncatingIfNeeded: out.count - walk.textStart))
        self.characterCount = characterCount
        labelCount = dotCount + 1
    }

    /// The way through the labels of one name.
    private struct Walk {
        var cursor: Reader
        let messageStart: Int
        let textStart: Int
        /// Where the name ends at its place, once a pointer led elsewhere.
        var ownEnd: Int?
        var hopCount = 0
        var characterCount = 0
        var dotCount = 0
        var isLoop = false
        var isExtended = false

        init(_ message: Reader, from offset: Int, textStart: Int) {
            cursor = message
            cursor.offset = offset
            messageStart = message.start
            self.textStart = textStart
        }

        /// What is shown in place of a name that is none.
        var replacement: StaticString? {
            if isLoop { return "<Name contains a pointer that loops>" }
            if isExtended { return "<Unknown extended label>" }
            if characterCount > DNSName.characterLimit { return "<Name too long>" }
            return characterCount == 0 ? "<Root>" : nil
        }

        /// Reads one label or pointer; false behind the last.
        mutating func advance(_ out: inout TextBuffer) throws(DissectionError) -> Bool {
            let first = try cursor.uint8()
            guard first != 0 else { return false }
            switch first >> 6 {
            case 0:
                try addLabel(Int(first), &out)
            case 3:
                let target = Int(first & 0x3f) << 8 | Int(try cursor.uint8())
                if ownEnd == nil { ownEnd = cursor.offset }
                cursor.offset = messageStart + target
            case 1 where characterCount > 0 && ownEnd == nil:
                // Extended label types are obsolete (RFC 6891, section 5): nobody knows where this label ends, nor the name.
                isExtended = true
                return false
            default:
                throw DissectionError(.malformed, offset: cursor.offset - 1, byteCount: 1)
            }
            if ownEnd != nil { hopCount += 1 }
            isLoop = hopCount > DNSName.hopLimit
            return !isLoop
        }

        private mutating func addLabel(_ count: Int, _ out: inout TextBuffer) throws(DissectionError) {
            let offset = cursor.offset
            try cursor.skip(count)
            let isFirst = characterCount == 0
            characterCount += isFirst ? count : count + 1
            guard characterCount <= DNSName.characterLimit else { return }
            if !isFirst {
                out.append(46)
                dotCount += 1
            }
            let label = cursor.bytes[offset..<offset + count]
            for index in 0..<count where label[index] == 46 { dotCount += 1 }
            out.append(printable: label, isLenient: true)
        }
    }
}
