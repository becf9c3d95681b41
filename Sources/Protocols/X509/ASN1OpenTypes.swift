import Dissection
import Wire

/// Values whose type an object identifier says (X.681): each is a layer of its own.
extension ASN1Decoder {
    /// The value that `reader` spans.
    func open(_ reader: Reader, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        guard let place = walk.objectIdentifier else {
            return context.complain(ber.missingObjectIdentifier, reader, reader.start, reader.remaining) {
                $0.append("BER Error: No OID supplied to call_ber_oid_callback")
            }
        }
        let name = reader.captured(place.offset, place.byteCount)
        if let dissector = dissector(for: name, &context) {
            return try context.runInside(dissector, reader)
        }
        let isNull = reader.has(2) && reader.peek16(0) == 0x0500
        if isNull || withoutValue.index(of: name) != nil { return }
        context.complain(ber.unknownObjectIdentifier, reader, reader.start, reader.remaining) {
            $0.append("BER: Dissector for OID not implemented. Contact Wireshark developers if you want this supported")
        }
    }

    func openInOctets(_ value: ASN1Value, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        try open(value.contents, &walk, &context)
        try requireAll(of: value)
    }

    private func dissector(for name: ByteView, _ context: inout Context) -> DissectorID? {
        let begin = context.text.count
        context.text.append(objectIdentifier: name)
        let found = context.lookUp(openTypes, text: context.text.bytes(begin..<context.text.count))
        context.text.truncate(to: begin)
        return found
    }
}

/// A value of one type, as a layer: what an object identifier announces.
final class ASN1Dissector: Dissector {
    private let decoder: ASN1Decoder
    private let field: FieldID?
    private let type: ASN1Type

    init(_ decoder: ASN1Decoder, _ field: FieldID?, _ type: ASN1Type) {
        self.decoder = decoder
        self.field = field
        self.type = type
    }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard !reader.isAtEnd else { return }
        var walk = ASN1Walk()
        try decoder.decode(type, field, &reader, &walk, &context)
    }
}
