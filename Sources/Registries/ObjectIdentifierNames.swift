import Wire

/// Names of object identifiers, and of those that others begin with.
enum ObjectIdentifierNames {
    private static let keys = ByteKeys(objectIdentifierNames.map { ObjectIdentifierText.contents("\($0.0)") ?? [] })

    /// The name of the longest part at the start of an object identifier that has one, and how many octets that is.
    static func longest(_ bytes: ByteView) -> (name: StaticString, byteCount: Int)? {
        var best: (name: StaticString, byteCount: Int)?
        var hash = ByteKeys.emptyHash
        for offset in 0..<bytes.count {
            hash = ByteKeys.hash(hash, bytes[offset])
            if bytes[offset] < 0x80, let index = keys.index(of: bytes[0..<offset + 1], hash: hash) {
                best = (objectIdentifierNames[index].1, offset + 1)
            }
        }
        return best
    }
}

extension TextBuffer {
    /// The name of an object identifier; of one without a name, that of its known part with the arcs behind it:
    /// `iso.3.6.1.4.1.99999`.
    public mutating func append(objectIdentifierName bytes: ByteView) {
        if let (name, byteCount) = ObjectIdentifierNames.longest(bytes) {
            append(name)
            append(arcsOf: bytes, from: byteCount)
            return
        }
        var dotted = TextBuffer(capacity: 64)
        dotted.append(objectIdentifier: bytes)
        guard dotted.count > 0 else { return }
        switch dotted.bytes[0] {
        case 48: append("itu-t")
        case 49: append("iso")
        case 50: append("joint-iso-itu-t")
        default: append("?")
        }
        append(dotted.bytes[1..<dotted.count])
    }
}
