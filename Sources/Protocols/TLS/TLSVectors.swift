import Dissection
import Wire

/// Vectors of variable length (RFC 8446, section 3.4): a length, and as many bytes of elements.
struct TLSVectors: Sendable {
    private let tooSmall, wrongLength, trailing: ExpertID

    init(registering r: inout Registrar) {
        wrongLength = r.expert("tls.malformed.vector_length", .proto, .warning, "Variable vector length is outside the permitted range")
        tooSmall = r.expert("tls.malformed.buffer_too_small", .malformed, .error, "Malformed message, not enough data is available")
        trailing = r.expert("tls.malformed.trailing_data", .proto, .warning, "Undecoded trailing data is present")
    }

    /// Reads a length of `width` bytes and gives the elements; `reader` is moved behind them. Nil where there is no length.
    /// - Parameter allowed: how long the vector may be, in bytes.
    func begin(
        _ field: FieldID, width: Int, _ allowed: ClosedRange<Int>, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) -> Reader? {
        guard reader.remaining >= width else {
            func describe(_ text: inout TextBuffer) {
                text.append("No more room for vector of length ")
                text.append(decimal: width)
            }
            context.heading(reader, reader.offset, reader.capturedRemaining) { describe(&$0) }
            context.open()
            context.expert(tooSmall) { describe(&$0) }
            context.close()
            reader.offset = reader.reportedEnd
            return nil
        }
        try reader.require(width)
        var byteCount = 0
        for index in 0..<width { byteCount = byteCount << 8 | Int(reader.bytes[reader.offset + index]) }
        let item = context.add(field, reader, reader.offset, width, value: UInt64(byteCount))
        reader.offset += width
        check(byteCount, allowed, under: item, &context)
        if byteCount > reader.remaining {
            let remaining = reader.remaining
            context.expert(under: item, tooSmall) {
                $0.append("Vector length ")
                $0.append(decimal: byteCount)
                $0.append(" is too large, truncating it to ")
                $0.append(decimal: remaining)
            }
        }
        let elements = reader.next(byteCount)
        reader.offset = elements.reportedEnd
        return elements
    }

    private func check(_ byteCount: Int, _ allowed: ClosedRange<Int>, under item: ItemRef, _ context: inout Context) {
        guard !allowed.contains(byteCount) else { return }
        let isSmall = byteCount < allowed.lowerBound
        context.expert(under: item, wrongLength) {
            $0.append("Vector length ")
            $0.append(decimal: byteCount)
            $0.append(isSmall ? " is smaller than minimum " : " is larger than maximum ")
            $0.append(decimal: isSmall ? allowed.lowerBound : allowed.upperBound)
        }
    }

    /// Marks what is left of elements that were read.
    func end(_ elements: Reader, _ context: inout Context) {
        let count = elements.capturedRemaining
        guard count > 0 else { return }
        func describe(_ text: inout TextBuffer) {
            text.append(decimal: count)
            text.append(count == 1 ? " trailing byte was unprocessed" : " trailing bytes were unprocessed")
        }
        context.heading(elements, elements.offset, count) { describe(&$0) }
        context.open()
        context.expert(trailing) { describe(&$0) }
        context.close()
    }

    /// Reads a vector of bytes, as its length and a field of its own.
    @discardableResult
    func bytes(
        _ lengthField: FieldID, width: Int, _ field: FieldID, _ allowed: ClosedRange<Int>, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) -> Reader? {
        guard let elements = try begin(lengthField, width: width, allowed, &reader, &context) else { return nil }
        if elements.remaining > 0 {
            try elements.require(elements.remaining)
            context.add(field, elements, elements.offset, elements.remaining)
        }
        return elements
    }
}

extension TextBuffer {
    /// `Cipher Suites (2 suites)`
    mutating func append(_ name: StaticString, count: Int, _ one: StaticString, _ many: StaticString) {
        append(name)
        append(" (")
        append(decimal: count)
        append(" ")
        append(count == 1 ? one : many)
        append(")")
    }
}
