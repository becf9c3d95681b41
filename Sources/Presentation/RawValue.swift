import Dissection
import Wire

extension FieldFormats {
    /// The bytes of an item in hexadecimal; where it is some bits of them, the number that those are.
    func appendRawHex(_ item: Item, _ frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        let format = self[item.field]
        if format.pointee.mask != 0 { out.append(hex: item.value, upperCase: true) } else { out.append(hexOf: frame.bytes(of: item)) }
    }

    /// What raw JSON says of an item: bytes, position, size, mask and the number of Wireshark's type.
    func appendRawArray(_ item: Item, indent: Int, _ frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        func element(_ end: StaticString, _ number: UInt64, _ out: inout TextBuffer) {
            out.append(repeating: 32, count: indent + 2)
            out.append(decimal: number)
            out.append(end)
        }
        out.append("[\n")
        // Expert items stand in no source, so there is not even an empty run of bytes.
        let info = registry[item.field]
        if !info.isExpert, info.proto != registry[registry.core.expert].proto {
            out.append(repeating: 32, count: indent + 2)
            out.append("\"")
            appendRawHex(item, frame, to: &out)
            out.append("\",\n")
        }
        element(",\n", UInt64(item.offset), &out)
        element(",\n", UInt64(item.byteCount), &out)
        element(",\n", self[item.field].pointee.mask, &out)
        element("\n", UInt64(self[item.field].pointee.type.wireshark.number), &out)
        out.append(repeating: 32, count: indent)
        out.append("]")
    }
}
