import Dissection
import Registries
import Wire

extension FieldFormats {
    /// Whether an item's label is its field's name and a number, and nothing else.
    @inline(__always)
    func isPlain(_ item: Item, _ format: UnsafePointer<FieldFormat>) -> Bool { item.label == 0 && format.pointee.isPlain }

    /// The text that stands for an item in the tree: `Source Port: 80`.
    public func appendLabel(_ item: Item, _ frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        let begin = out.count
        let format = self[item.field]
        if isPlain(item, format) { return appendPlainLabel(item, format, to: &out) }
        if item.flags.contains(.ownLabel) {
            out.append(printable: frame.labelText(item))
            out.cutLabel(from: begin, markAt: begin)
            return
        }
        if format.pointee.hasWholeLabel, !item.flags.contains(.valueLabel) {
            registry[item.field].label?(item.value, &out)
            return
        }
        if format.pointee.mask != 0, format.pointee.type != .none {
            out.append(bitsOf: item.value << format.pointee.shift, mask: format.pointee.mask, bitCount: format.pointee.wordBitCount)
        }
        out.append(text(format.pointee.name))
        let nameEnd = out.count
        if item.flags.contains(.valueLabel) {
            out.append(": ")
            out.append(printable: frame.labelText(item))
        } else {
            appendLabelValue(item, format, frame, to: &out)
        }
        if item.flags.contains(.noted) { out.append(format.pointee.note) }
        out.cutLabel(from: begin, markAt: format.pointee.type.isString ? nameEnd : begin)
        guard item.flags.contains(.appended) else { return }
        // What is appended is cut without a mark.
        out.append(printable: frame.labelText(item))
        out.truncateLabel(to: min(out.count, begin + Context.labelByteLimit))
    }

    /// The label of an item that `isPlain` says is plain.
    @inline(__always)
    func appendPlainLabel(_ item: Item, _ format: UnsafePointer<FieldFormat>, to out: inout TextBuffer) {
        out.append(text(format.pointee.prefix))
        switch format.pointee.type {
        case .relativeTime:
            out.append(seconds: Int64(bitPattern: item.value))
            out.append(" seconds")
        case .ethernet: out.append(ethernet: item.value)
        case .ipv4: out.append(ipv4: UInt32(truncatingIfNeeded: item.value))
        default:
            appendLabelDigits(item.value, format, to: &out)
            if format.pointee.unit.utf8CodeUnitCount > 0 { out.append(format.pointee.unit) }
        }
        if item.flags.contains(.noted) { out.append(format.pointee.note) }
    }

    private func appendLabelValue(_ item: Item, _ format: UnsafePointer<FieldFormat>, _ frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        switch format.pointee.type {
        case .none, .proto: return
        case .boolean:
            out.append(": ")
            out.append(item.value != 0 ? format.pointee.trueText : format.pointee.falseText)
        case .uint8, .uint16, .uint24, .uint32, .uint40, .uint48, .uint56, .uint64, .frameNumber,
            .int8, .int16, .int24, .int32, .int64:
            out.append(": ")
            appendLabelNumber(item, format, to: &out)
        case .string, .stringZero:
            out.append(": ")
            if item.flags.contains(.ascii) {
                out.append(printableASCII: frame.valueBytes(of: item))
            } else {
                out.append(printable: frame.valueBytes(of: item))
            }
        case .bytes:
            out.append(": ")
            let bytes = frame.valueBytes(of: item)
            if bytes.isEmpty { out.append("<MISSING>") }
            out.append(hexOf: bytes[0..<36])
            if bytes.count > 36 { out.append("\u{2026}") }
        case .objectIdentifier:
            out.append(": ")
            appendValue(item, frame, to: &out)
            out.append(" (")
            out.append(objectIdentifierName: frame.valueBytes(of: item))
            out.append(")")
        case .ethernet where namesMACAddresses:
            out.append(": ")
            out.append(resolvedEthernet: item.value)
            out.append(" (")
            out.append(ethernet: item.value)
            out.append(")")
        case .eui64:
            out.append(": ")
            out.append(eui64: item.value)
            out.append(" (")
            out.append(eui64: item.value)
            out.append(")")
        case .relativeTime:
            out.append(": ")
            appendValue(item, frame, to: &out)
            out.append(" seconds")
        default:
            out.append(": ")
            appendValue(item, frame, to: &out)
        }
    }

    private func appendLabelNumber(_ item: Item, _ format: UnsafePointer<FieldFormat>, to out: inout TextBuffer) {
        let value = item.value
        if format.pointee.hasLabelFunction {
            registry[item.field].label?(value, &out)
            return
        }
        if let strings = format.pointee.strings {
            let name = strings._withUnsafeGuaranteedRef { $0.name(of: value) }
            let isSpecialOnly = strings._withUnsafeGuaranteedRef { $0.isSpecialOnly }
            if name != nil || !isSpecialOnly {
                out.append(name ?? "Unknown")
                if format.pointee.base == .none { return }
                out.append(" (")
                appendLabelDigits(value, format, to: &out)
                out.append(")")
                return
            }
        }
        appendLabelDigits(value, format, to: &out)
        out.append(format.pointee.unit)
    }

    private func appendLabelDigits(_ value: UInt64, _ format: UnsafePointer<FieldFormat>, to out: inout TextBuffer) {
        if format.pointee.type.isSigned {
            out.append(signed: Int64(bitPattern: value))
        } else {
            appendNumber(value, format, digits: format.pointee.labelDigits, short: false, to: &out)
        }
    }
}

extension TextBuffer {
    mutating func append(printableASCII bytes: ByteView) {
        var run = 0
        var offset = 0
        while offset < bytes.count {
            if bytes[offset] >= 0x80 {
                append(printable: bytes[run..<offset])
                append("\u{FFFD}")
                run = offset + 1
            }
            offset += 1
        }
        append(printable: bytes[run..<offset])
    }

    /// Cuts a label that is too long to one byte less than it may have, and says so behind its name.
    mutating func cutLabel(from begin: Int, markAt mark: Int) {
        guard count - begin > Context.labelByteLimit else { return }
        let sign: StaticString = " [truncated]"
        let end = count
        append(sign)
        moveTail(from: end, to: mark)
        truncateLabel(to: begin + Context.labelByteLimit - 1)
    }

    /// Ends the text at `end`, or before the character that stands across it.
    mutating func truncateLabel(to end: Int) {
        var cut = end
        while cut > 0, cut < count, bytes[cut] & 0xc0 == 0x80 { cut -= 1 }
        truncate(to: cut)
    }
}
