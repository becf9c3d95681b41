import Dissection
import Wire

/// How an INTEGER is shown: its field is of the type that goes with it.
enum ASN1IntegerForm {
    case signed, unsigned
    /// As octets: a serial number, a modulus.
    case octets
}

extension ASN1Decoder {
    func primitive(_ type: ASN1Type, _ field: FieldID?, _ value: ASN1Value, _ context: inout Context) throws(DissectionError) {
        guard let field else { return }
        let contents = value.contents
        try requireAll(of: value)
        switch type.kind {
        case .boolean: boolean(field, contents, &context)
        case .integer(let form): integer(form, field, contents, &context)
        case .enumerated: integer(.unsigned, field, contents, &context)
        case .octetString: octetString(field, value, &context)
        case .bitString(let bits): bitString(bits, field, contents, &context)
        case .string(let kind): string(kind, field, contents, &context)
        case .utcTime: utcTime(field, contents, &context)
        case .generalizedTime: generalizedTime(field, value, &context)
        case .null: null(field, value, &context)
        default: context.add(field, contents, contents.start, contents.remaining)
        }
    }

    /// NULL (X.690, section 8.8), which has no contents.
    private func null(_ field: FieldID, _ value: ASN1Value, _ context: inout Context) {
        let (contents, element) = (value.contents, value.element)
        if !value.isImplicit, !element.isUniversal(5) {
            context.complain(ber.nullExpected, contents, element.start, 1) {
                $0.append("BER Error: NULL")
                $0.append(unexpected: element)
            }
        }
        let count = contents.remaining
        if count > 0 {
            context.complain(ber.nullNotEmpty, contents, contents.start - 1, 1) {
                $0.append("BER Error: NULL type expects zero length data but Length=")
                $0.append(decimal: count)
            }
            context.add(ber.extraData, contents, contents.start, count)
        }
        context.add(field, contents, contents.start + count, 0)
    }

    /// Throws unless all of a value is there.
    func requireAll(of value: ASN1Value) throws(DissectionError) {
        try value.reader.requireEnd(of: value.element)
    }

    private func complainOfLength(_ field: FieldID, _ contents: Reader, _ context: inout Context) {
        let name = context.registry[field].name
        context.complain(ber.badLength, contents, contents.start, contents.remaining) {
            $0.append("BER Error: ")
            $0.append(name)
            $0.append(": length of item (")
            $0.append(decimal: contents.remaining)
            $0.append(") is not valid")
        }
    }

    // MARK: Numbers

    private func boolean(_ field: FieldID, _ contents: Reader, _ context: inout Context) {
        guard contents.remaining == 1 else { return complainOfLength(field, contents, &context) }
        context.add(field, contents, contents.start, 1, value: contents.bytes[contents.start] == 0 ? 0 : 1)
    }

    /// In two's complement (X.690, section 8.3).
    private func integer(_ form: ASN1IntegerForm, _ field: FieldID, _ contents: Reader, _ context: inout Context) {
        let count = contents.remaining
        guard count > 0 else { return complainOfLength(field, contents, &context) }
        if form == .octets { return addOctets(field, contents, nil, &context) }
        let bytes = contents.capturedBytes
        let isPadded = form == .unsigned && bytes[0] == 0 && count == 9
        guard count <= 8 || isPadded else { return addOctets(ber.longNumber, contents, context.registry[field].name, &context) }
        var number = bytes.unsigned(isPadded ? 1 : 0, byteCount: min(count, 8))
        if form == .signed, bytes[0] & 0x80 != 0, count < 8 { number |= UInt64.max << UInt64(count * 8) }
        context.add(field, contents, contents.start, count, value: number)
    }

    /// A number as octets: `serialNumber: 0x1234`.
    private func addOctets(_ field: FieldID, _ contents: Reader, _ name: String?, _ context: inout Context) {
        let item = context.add(field, contents, contents.start, contents.remaining)
        let write: (inout TextBuffer) -> Void = {
            if let name {
                $0.append(name)
                $0.append(": ")
            }
            $0.append("0x")
            $0.append(hexOf: contents.capturedBytes[0..<Self.shownOctetLimit])
            if contents.remaining > Self.shownOctetLimit { $0.append("\u{2026}") }
        }
        if name == nil { context.valueLabel(item, write) } else { context.label(item, write) }
    }

    /// Octets that a label shows of a long value.
    private static let shownOctetLimit = 36

    // MARK: Octets and bits

    /// Octets, or parts of them one behind the other (X.690, section 8.7.3).
    private func octetString(_ field: FieldID, _ value: ASN1Value, _ context: inout Context) {
        let contents = value.contents
        guard value.element.isConstructed else {
            context.add(field, contents, contents.start, contents.remaining)
            return
        }
        _ = context.addText(field, contents, contents.start, contents.remaining) { text in
            var reader = contents
            while !reader.isAtEnd, let part = try? reader.element(), part.end <= reader.capturedEnd {
                text.append(reader.contents(part).capturedBytes)
                reader.offset = part.end
            }
        }
    }

    /// The bits of a BIT STRING (X.690, section 8.6), after the number of those that the last octet has too many.
    private func bitString(_ bits: [FieldID], _ field: FieldID, _ contents: Reader, _ context: inout Context) {
        let begin = contents.start
        let count = contents.remaining - 1
        guard count >= 0 else {
            return context.complain(ber.emptyBitString, contents, begin, 0) { $0.append("BER Error: malformed Bitstring encoding") }
        }
        let padding = contents.bytes[begin]
        guard count > 0 else {
            context.add(field, contents, begin, 1)
            context.add(ber.emptyBits, contents, begin, 1, value: UInt64(padding))
            return
        }
        context.add(ber.padding, contents, begin, 1, value: UInt64(padding))
        if padding > 7 {
            context.open()
            context.expert(ber.badPadding) {
                $0.append("Illegal padding (0 .. 7): ")
                $0.append(decimal: padding)
            }
            context.close()
        }
        context.add(field, contents, begin + 1, count)
        guard !bits.isEmpty else { return }
        context.open()
        namedBits(bits, contents, padding, &context)
        context.close()
    }

    /// One item a named bit; those behind the end are not set. Then what other bits are set.
    private func namedBits(_ bits: [FieldID], _ contents: Reader, _ padding: UInt8, _ context: inout Context) {
        let octets = contents.capturedBytes[1..<contents.remaining]
        for (index, bit) in bits.enumerated() {
            let octet = index / 8
            let isThere = octet < octets.count
            let place = contents.start + 1 + (isThere ? octet : octets.count - 1)
            context.bits(bit, contents, place, 1, word: isThere ? UInt64(octets[octet]) : 0)
        }
        let last = octets.count - 1
        let padded = padding > 7 ? 0 : octets[last] & UInt8(truncatingIfNeeded: (1 << Int(padding)) - 1)
        if padded != 0 {
            context.expert(ber.paddingBitsSet) {
                $0.append("Bits set in padded area: 0x")
                $0.append(hex: UInt64(padded), width: 2)
            }
        }
        unknownBits(octets, knownCount: bits.count, &context)
    }

    private func unknownBits(_ octets: ByteView, knownCount: Int, _ context: inout Context) {
        func unknown(_ index: Int) -> UInt8 {
            let known = knownCount - index * 8
            return known >= 8 ? 0 : known <= 0 ? octets[index] : octets[index] & (0xff >> UInt8(known))
        }
        guard (0..<octets.count).contains(where: { unknown($0) != 0 }) else { return }
        context.expert(ber.unknownBits) {
            $0.append("Unknown bit(s): 0x")
            for index in 0..<octets.count { $0.append(hex: UInt64(unknown(index)), width: 2) }
        }
    }

    // MARK: Object identifiers

    func objectIdentifier(
        _ field: FieldID?, _ value: ASN1Value, _ walk: inout ASN1Walk, _ context: inout Context
    ) throws(DissectionError) {
        let contents = value.contents
        try requireAll(of: value)
        walk.objectIdentifier = (contents.start, contents.remaining)
        if let field { context.add(field, contents, contents.start, contents.remaining) }
    }
}
