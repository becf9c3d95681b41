import Wire

/// The block types and sizes of pcapng (draft-ietf-opsawg-pcapng section 4). Sizes are whole blocks, with type and
/// both lengths.
enum PcapngBlock {
    static let sectionHeader: UInt32 = 0x0a0d_0d0a
    static let interfaceDescription: UInt32 = 1
    static let obsoletePacket: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let nameResolution: UInt32 = 4
    static let interfaceStatistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
    static let journalExport: UInt32 = 9
    static let decryptionSecrets: UInt32 = 10
    static let custom: UInt32 = 0x0000_0bad
    static let customNotCopied: UInt32 = 0x4000_0bad

    static let byteOrderMagic: UInt32 = 0x1a2b_3c4d
    /// The longest packet that any link type may have (128 MiB), with room for options: tshark's limit.
    static let maximumByteCount = 134_348_832
    /// Type, length, and the length again.
    static let frameByteCount = 12

    /// Whether the section that starts with these 12 bytes says its byte order.
    static func isByteOrderMagic(_ view: ByteView) -> Bool {
        view.uint32(8) == byteOrderMagic || view.uint32LE(8) == byteOrderMagic
    }

    static func minimumByteCount(of type: UInt32) -> Int {
        switch type {
        case sectionHeader: 28
        case interfaceDescription: 20
        case obsoletePacket, enhancedPacket: 32
        case simplePacket, nameResolution, custom, customNotCopied: 16
        case interfaceStatistics: 24
        case decryptionSecrets: 20
        // The frame around the shortest entry that has a time: `__REALTIME_TIMESTAMP=` and a digit, in tshark's count.
        case journalExport: 35
        default: frameByteCount
        }
    }

    /// With its article, for sentences.
    static func name(of type: UInt32) -> String {
        switch type {
        case sectionHeader: "a section header block"
        case interfaceDescription: "an interface description block"
        case obsoletePacket: "a packet block"
        case simplePacket: "a simple packet block"
        case nameResolution: "a name resolution block"
        case interfaceStatistics: "an interface statistics block"
        case enhancedPacket: "an enhanced packet block"
        case journalExport: "a journal export block"
        case decryptionSecrets: "a decryption secrets block"
        case custom, customNotCopied: "a custom block"
        default: "a block of type 0x\(String(type, radix: 16))"
        }
    }
}

/// A view whose integers are in the byte order of a section.
struct OrderedView {
    let bytes: ByteView
    let isBigEndian: Bool

    @inline(__always)
    func uint16(_ offset: Int) -> UInt16 { isBigEndian ? bytes.uint16(offset) : bytes.uint16LE(offset) }
    @inline(__always)
    func uint32(_ offset: Int) -> UInt32 { isBigEndian ? bytes.uint32(offset) : bytes.uint32LE(offset) }
    func uint64(_ offset: Int) -> UInt64 { isBigEndian ? bytes.uint64(offset) : bytes.uint64LE(offset) }

    subscript(range: Range<Int>) -> OrderedView { OrderedView(bytes: bytes[range], isBigEndian: isBigEndian) }
    var count: Int { bytes.count }

    /// Text as far as the first NUL, as tshark reads it.
    var text: String {
        let end = bytes.firstIndex(of: 0) ?? bytes.count
        return bytes[0..<end].withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// A time stamp as two halves, the upper one first in either byte order.
    @inline(__always)
    func ticks(_ offset: Int) -> UInt64 { UInt64(uint32(offset)) << 32 | UInt64(uint32(offset &+ 4)) }
}

/// The number of bytes with padding to a multiple of four.
@inline(__always)
func paddedByteCount(_ byteCount: Int) -> Int { (byteCount &+ 3) & ~3 }

/// Walks the options at the end of a block (draft-ietf-opsawg-pcapng section 3.5).
struct PcapngOptions {
    private var rest: OrderedView

    /// What is wrong with a block's contents; the reader adds the place.
    struct Damage: Error {
        var detail: String
    }

    struct Option {
        var code: UInt16
        var value: OrderedView
    }

    init(_ view: OrderedView) { rest = view }

    mutating func next() throws(Damage) -> Option? {
        guard rest.count >= 4 else { return nil }
        let code = rest.uint16(0)
        let byteCount = Int(rest.uint16(2))
        guard code != 0 else { return nil }
        let end = 4 + paddedByteCount(byteCount)
        guard end <= rest.count else {
            throw Damage(detail: "option \(code) claims \(byteCount) bytes where \(rest.count - 4) are left")
        }
        let option = Option(code: code, value: rest[4..<4 + byteCount])
        rest = rest[end..<rest.count]
        return option
    }
}

extension PcapngOptions.Option {
    var isCustom: Bool { [2988, 2989, 19372, 19373].contains(code) }

    func customOption() throws(PcapngOptions.Damage) -> CustomOption {
        guard value.count >= 4 else {
            throw PcapngOptions.Damage(detail: "a custom option of \(value.count) bytes has no enterprise number")
        }
        return CustomOption(
            code: code, enterpriseNumber: value.uint32(0), bytes: value.bytes[4..<value.count].copy())
    }

    /// Refuses a value of another size.
    func require(_ byteCount: Int, _ name: String) throws(PcapngOptions.Damage) {
        guard value.count == byteCount else {
            throw PcapngOptions.Damage(detail: "its \(name) has \(value.count) bytes instead of \(byteCount)")
        }
    }

    /// The value of a number that must have `MemoryLayout<T>.size` bytes; nil if it has not.
    var uint64: UInt64? { value.count == 8 ? value.uint64(0) : nil }
}
