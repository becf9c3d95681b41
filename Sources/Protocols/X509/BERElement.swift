import Dissection
import Wire

/// One value in the Basic Encoding Rules (X.690, section 8.1): where its identifier, its length and its contents stand.
struct BERElement {
    enum TagClass: UInt8 { case universal = 0, application, context, `private` }

    /// Values inside each other whose ends are not announced, at most: each level is looked through for its end.
    static let indefiniteDepthLimit = 16
    /// Octets of a length, at most: more would say more bytes than there can be.
    static let lengthOctetLimit = 8

    var tagClass: TagClass
    var isConstructed: Bool
    var tag: UInt32
    /// From the start of the source, as all places.
    var start: Int
    var contentStart: Int
    /// Where the contents end as their length says, be it behind what there is.
    var contentEnd: Int
    /// Where the value ends: behind the end-of-contents octets, if it has some.
    var end: Int

    /// Whether these are the octets that end contents of unknown length (section 8.1.5).
    var isEndOfContents: Bool { tagClass == .universal && tag == 0 && contentStart == contentEnd }

    func isUniversal(_ number: UInt32) -> Bool { tagClass == .universal && tag == number }
}

extension Reader {
    /// The value at the present place; the reader does not advance.
    func element(depth: Int = 0) throws(DissectionError) -> BERElement {
        var reader = self
        let first = try reader.uint8()
        var tag = UInt32(first & 0x1f)
        if tag == 0x1f { tag = try reader.longTag() }
        let length = try reader.length()
        let begin = reader.offset
        var element = BERElement(
            tagClass: BERElement.TagClass(rawValue: first >> 6) ?? .universal, isConstructed: first & 0x20 != 0, tag: tag, start: offset,
            contentStart: begin, contentEnd: begin, end: begin)
        if let length {
            element.contentEnd = begin + length
            element.end = element.contentEnd
        } else {
            guard element.isConstructed else { throw DissectionError(.malformed, offset: offset, byteCount: 2) }
            (element.contentEnd, element.end) = try reader.endOfContents(depth: depth + 1)
        }
        return element
    }

    /// A tag above 30 (section 8.1.2.4): groups of seven bits.
    private mutating func longTag() throws(DissectionError) -> UInt32 {
        let begin = offset
        var tag: UInt32 = 0
        while true {
            let octet = try uint8()
            guard tag >> 25 == 0 else { throw DissectionError(.malformed, offset: begin, byteCount: offset - begin) }
            tag = tag << 7 | UInt32(octet & 0x7f)
            if octet < 0x80 { return tag }
        }
    }

    /// The length (section 8.1.3); nil where the contents end at their end-of-contents octets.
    private mutating func length() throws(DissectionError) -> Int? {
        let begin = offset
        let first = try uint8()
        if first < 0x80 { return Int(first) }
        if first == 0x80 { return nil }
        let count = Int(first & 0x7f)
        guard count <= BERElement.lengthOctetLimit else { throw DissectionError(.malformed, offset: begin, byteCount: count + 1) }
        try require(count)
        let value = bytes.unsigned(offset, byteCount: count)
        // No frame has more bytes: a larger length is past the end as well.
        guard value <= UInt32.max else { throw DissectionError(.malformed, offset: begin, byteCount: count + 1) }
        offset += count
        return Int(value)
    }

    /// Where contents of unknown length end, without and with the octets that say so.
    private func endOfContents(depth: Int) throws(DissectionError) -> (Int, Int) {
        guard depth <= BERElement.indefiniteDepthLimit else { throw DissectionError(.malformed, offset: offset, byteCount: remaining) }
        var reader = self
        while true {
            let element = try reader.element(depth: depth)
            if element.isEndOfContents { return (element.start, element.end) }
            try reader.skip(element.end - reader.offset)
        }
    }

    /// The contents of a value, as far as this reader reaches.
    func contents(_ element: BERElement) -> Reader { part(element.contentStart, element.contentEnd) }

    /// The value with its identifier and length, as far as this reader reaches.
    func whole(_ element: BERElement) -> Reader { part(element.start, element.end) }

    private func part(_ begin: Int, _ end: Int) -> Reader {
        var reader = self
        reader.offset = min(begin, max(reportedEnd, begin))
        return reader.next(end - reader.offset)
    }

    /// Throws where a value is said to be longer than this reader reaches.
    func requireEnd(of element: BERElement) throws(DissectionError) {
        guard element.end > capturedEnd else { return }
        throw shortfall(element.end - element.contentStart, at: element.contentStart)
    }

    /// How many values stand one behind the other from here on.
    func elementCount() -> Int {
        var reader = self
        var count = 0
        while !reader.isAtEnd, let element = try? reader.element() {
            count += 1
            guard element.end > reader.offset, element.end <= reader.reportedEnd else { break }
            reader.offset = element.end
        }
        return count
    }
}
