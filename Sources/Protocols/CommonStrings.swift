import Dissection
import Registries
import Wire

/// What became of a checksum: the values of every `*.checksum.status` field.
enum ChecksumStatus: UInt64 {
    case bad = 0, good = 1, unverified = 2, notPresent = 3, illegal = 4

    static let strings = ValueStrings([(0, "Bad"), (1, "Good"), (2, "Unverified"), (3, "Not present"), (4, "Illegal")])
}

/// Names from the registries of IANA and IEEE as value strings.
enum EtherTypes {
    static let strings = ValueStrings(small: etherTypeNames)
}

enum IPProtocols {
    static let strings = ValueStrings(small: ipProtocolNames)
}

/// A layer that is no more than a name in `frame.protocols`.
struct NamedLayer: Dissector {
    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {}
}

extension Array where Element == UInt8 {
    /// Appends a number in network order.
    mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
