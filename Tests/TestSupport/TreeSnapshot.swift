import Dissection
import Presentation
import Wire

/// An item of a tree apart from its frame, for comparing trees.
struct TreeItem: Hashable {
    var field: FieldID
    var offset: Int
    var byteCount: Int
    /// The number, or a hash of the bytes; of a text-only node a hash of the text.
    var value: UInt64
    var isHidden: Bool
    /// Whether the item is a protocol's node.
    var isNode: Bool

    var end: Int { offset + byteCount }
}

/// What the checks need to know of a dissected frame.
struct TreeSnapshot {
    /// The items that stand at bytes of the frame itself and were read, not worked out.
    var items: [TreeItem] = []
    /// Buffers that the items lie in: 1 for the frame alone.
    var sourceCount = 1
    /// Whether something says that the frame could not be read to its end.
    var isMarked = false

    init(_ bed: TestBed, _ frame: borrowing DissectedFrame) {
        let core = bed.registry.core
        sourceCount = frame.sources.count
        items.reserveCapacity(frame.itemCount)
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            if item.field == core.malformed || item.field == core.short || item.field == core.unreassembled { isMarked = true }
            if item.source != 0 || item.byteCount == 0 || item.flags.contains(.generated) { continue }
            items.append(TreeItem(
                field: item.field, offset: Int(item.offset), byteCount: Int(item.byteCount), value: Self.value(of: item, bed, frame),
                isHidden: item.flags.contains(.hidden), isNode: bed.registry[item.field].type == .proto))
        }
    }

    static func value(of item: Item, _ bed: TestBed, _ frame: borrowing DissectedFrame) -> UInt64 {
        if item.field == .text { return hash(frame.labelText(item)) }
        switch bed.registry[item.field].type {
        case .string, .stringZero, .bytes, .ipv6: return hash(frame.valueBytes(of: item))
        // Where the layer's bytes end: the place says that already, but for cuts.
        case .proto: return 0
        default: return item.value
        }
    }

    /// FNV-1a: the same on every run.
    static func hash(_ bytes: ByteView) -> UInt64 {
        bytes.withUnsafeBytes { $0.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } }
    }
}
