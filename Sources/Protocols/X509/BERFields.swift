import Dissection
import Registries
import Wire

/// What is shown of the encoding itself, and of what is wrong with it (X.690).
struct BERFields: Sendable {
    let padding, emptyBits, longNumber, extraData: FieldID
    let unknownObjectIdentifier, wrongField, unknownField, unknownSetField, missingObjectIdentifier: ExpertID
    let sequenceExpected, setExpected, stringExpected, octetStringExpected, nullExpected, nullNotEmpty, objectIdentifierExpected: ExpertID
    let generalizedTimeExpected, utcTimeExpected, bitStringExpected, badLength, badGeneralizedTime, badUTCTime: ExpertID
    let unknownBits, paddingBitsSet, badPadding, emptyBitString: ExpertID

    init(registering r: inout Registrar) {
        padding = r.field("ber.bitstring.padding", "Padding", .uint8, .decimal)
        emptyBits = r.field("ber.bitstring.empty", "Empty", .uint8, .decimal)
        longNumber = r.field("ber.64bit_uint_as_bytes", "64bits unsigned integer", .bytes)
        extraData = r.field("ber.extra_data", "Extra data", .bytes)
        unknownObjectIdentifier = r.expert(
            "ber.error.oid_not_implemented", .undecoded, .warning,
            "BER: Dissector for OID not implemented. Contact Wireshark developers if you want this supported")
        wrongField = r.expert("ber.error.sequence.field_wrong", .malformed, .warning, "BER Error: Wrong field in SEQUENCE")
        unknownField = r.expert("ber.error.unknown_field.sequence", .malformed, .warning, "BER Error: Unknown field in Sequence")
        unknownSetField = r.expert("ber.error.unknown_field.set", .malformed, .warning, "BER Error: Unknown field in SET")
        missingObjectIdentifier = r.expert("ber.error.no_oid", .malformed, .warning, "BER Error: No OID supplied to call_ber_oid_callback")
        sequenceExpected = r.expert("ber.error.expected.sequence", .malformed, .warning, "BER Error: Sequence expected")
        setExpected = r.expert("ber.error.expected.set", .malformed, .warning, "BER Error: SET expected")
        stringExpected = r.expert("ber.error.expected.string", .malformed, .warning, "BER Error: String expected")
        octetStringExpected = r.expert("ber.error.expected.octet_string", .malformed, .warning, "BER Error: OctetString expected")
        nullExpected = r.expert("ber.error.expected.null", .malformed, .warning, "BER Error: NULL expected")
        nullNotEmpty = r.expert(
            "ber.error.expected.null_zero_length", .malformed, .warning, "BER Error: NULL type expects zero length data")
        objectIdentifierExpected = r.expert("ber.error.expected.object_identifier", .malformed, .warning, "BER Error: Object Identifier expected")
        generalizedTimeExpected = r.expert("ber.error.expected.generalized_time", .malformed, .warning, "BER Error: GeneralizedTime expected")
        utcTimeExpected = r.expert("ber.error.expected.utc_time", .malformed, .warning, "BER Error: UTCTime expected")
        bitStringExpected = r.expert("ber.error.expected.bitstring", .malformed, .warning, "BER Error: BitString expected")
        badLength = r.expert("ber.error.length", .malformed, .warning, "BER Error: length is not valid")
        badGeneralizedTime = r.expert(
            "ber.error.invalid_format.generalized_time", .malformed, .warning, "BER Error: GeneralizedTime invalid format")
        badUTCTime = r.expert("ber.error.invalid_format.utctime", .malformed, .warning, "BER Error: malformed UTCTime encoding")
        unknownBits = r.expert("ber.error.bits_unknown", .undecoded, .warning, "BER Error: Bits unknown")
        paddingBitsSet = r.expert("ber.error.bits_set_padded", .undecoded, .warning, "BER Error: Bits set in padded area")
        badPadding = r.expert("ber.error.illegal_padding", .undecoded, .warning, "Illegal padding")
        emptyBitString = r.expert("ber.error.constr_bitstr.len", .malformed, .warning, "BER Error: malformed Bitstring encoding")
    }
}

extension Context {
    /// A node that says what is wrong at some bytes, with an expert item that says so too.
    mutating func complain(_ expert: ExpertID, _ reader: Reader, _ offset: Int, _ byteCount: Int, _ write: @escaping (inout TextBuffer) -> Void) {
        heading(reader, offset, min(byteCount, max(0, reader.capturedEnd - offset)), write)
        open()
        self.expert(expert, write)
        close()
    }
}

extension TextBuffer {
    /// `class:UNIVERSAL(0)`
    mutating func append(_ tagClass: BERElement.TagClass) {
        append("class:")
        switch tagClass {
        case .universal: append("UNIVERSAL(0)")
        case .application: append("APPLICATION(1)")
        case .context: append("CONTEXT(2)")
        case .private: append("PRIVATE(3)")
        }
    }

    /// ` expected but class:UNIVERSAL(0) Primitive tag:5 was unexpected`
    mutating func append(unexpected element: BERElement) {
        append(" expected but ")
        append(element.tagClass)
        append(element.isConstructed ? " Constructed tag:" : " Primitive tag:")
        append(decimal: element.tag)
        append(" was unexpected")
    }
}
