import CaptureFile
import Wire

/// The outermost tag of a frame by IEEE 802.1Q: the EtherType that announces it, and two bytes.
enum VLANTag {
    private static let etherType: UInt16 = 0x8100
    private static let byteCount = 4

    /// The frame without its tag; nil where there is none.
    static func removed(from bytes: ByteView, _ linkType: LinkType) -> [UInt8]? {
        let offset: Int
        switch linkType {
        case .ethernet: offset = 12
        case .linuxSLL: offset = 14
        default: return nil
        }
        guard bytes.count >= offset + byteCount, bytes.uint16(offset) == etherType else { return nil }
        var untagged = bytes.copy()
        untagged.removeSubrange(offset..<offset + byteCount)
        return untagged
    }
}
