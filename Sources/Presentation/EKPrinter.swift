import Dissection
import Wire

/// What stands around the layers of a frame in the lines that Elasticsearch takes in bulk.
struct EKFrames {
    let formats: FieldFormats

    func open(_ info: FrameInfo, _ out: inout TextBuffer) {
        let time = info.timestamp
        out.append("{\"index\":{\"_index\":\"")
        formats.appendIndexName(time, to: &out)
        out.append("\",\"_type\":\"doc\"}}\n{\"timestamp\":\"")
        out.append(signed: time.seconds)
        out.append(decimal: UInt64(time.nanoseconds / 1_000_000), width: 3)
        out.append("\",\"layers\":{")
    }

    func close(_ out: inout TextBuffer) { out.append("}}\n") }
}

extension TextBuffer {
    /// A name with underscores for points.
    mutating func append(ekName name: ByteView) {
        for index in 0..<name.count { append(name[index] == 46 ? 95 : name[index]) }
    }
}

/// The tree in the form that Elasticsearch takes in bulk, two lines a frame: `-T ek`. The fields of a layer are members of one object,
/// whatever stands under what; only protocols are objects of their own.
public struct EKPrinter: PacketPrinter {
    private let formats: FieldFormats
    private let frames: EKFrames
    private let scratch = Scratch()
    private let showsBytes: Bool
    private let filter: LayerFilter?

    public init(_ formats: FieldFormats, showsBytes: Bool, filter: LayerFilter?) {
        self.formats = formats
        self.showsBytes = showsBytes
        self.filter = filter
        frames = EKFrames(formats: formats)
    }

    public func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        frames.open(frame.info, &out)
        printObject(0..<frame.itemCount, under: .text, filter, frame, &out)
        frames.close(&out)
    }

    /// Items of one field under items of one field.
    private struct Group {
        var field: FieldID
        var parent: FieldID
        var filter: LayerFilter?
        var items: [Int]
    }

    /// Adds the items of a range, and what stands under them unless that is an object of its own, in the order of the first of each group.
    private func collect(_ range: Range<Int>, under parent: FieldID, _ filter: LayerFilter?, _ groups: inout [Group], _ frame: borrowing DissectedFrame) {
        var index = range.lowerBound
        while index < range.upperBound {
            let item = frame.item(index)
            let end = frame.endOfSubtree(at: index)
            // Items that repeat mostly follow each other.
            if let place = groups.lastIndex(where: { $0.field == item.field && $0.parent == parent }) {
                groups[place].items.append(index)
            } else {
                groups.append(Group(field: item.field, parent: parent, filter: filter, items: [index]))
            }
            if end > index + 1, !isObject(item.field), filter?.shows(item, formats.registry) ?? true {
                collect(index + 1..<end, under: item.field, filter?.below, &groups, frame)
            }
            index = end
        }
    }

    private func isObject(_ field: FieldID) -> Bool { formats[field].pointee.type == .proto && field != .text }

    /// Prints the members of an object.
    private func printObject(
        _ range: Range<Int>, under parent: FieldID, _ filter: LayerFilter?, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer
    ) {
        var groups: [Group] = []
        collect(range, under: parent, filter, &groups, frame)
        var isFirst = true
        for group in groups {
            out.drainIfLong()
            if showsBytes, group.field != .text, group.items.contains(where: { frame.item($0).byteCount > 0 }) {
                printMember(group, "_raw\":", &isFirst, &out) { index, out in
                    out.append("\"")
                    formats.appendRawHex(frame.item(index), frame, to: &out)
                    out.append("\"")
                }
            }
            printMember(group, "\":", &isFirst, &out) { printValue($0, group.filter, frame, &$1) }
        }
    }

    private func printValue(_ index: Int, _ filter: LayerFilter?, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        let item = frame.item(index)
        if let filter, !filter.shows(item, formats.registry) {
            printFiltered(item.field, &out)
        } else if isObject(item.field) {
            out.append("{")
            printObject(index + 1..<frame.endOfSubtree(at: index), under: item.field, filter?.below, frame, &out)
            out.append("}")
        } else {
            printValue(item, frame, &out)
        }
    }

    private func printMember(_ group: Group, _ keyEnd: StaticString, _ isFirst: inout Bool, _ out: inout TextBuffer, _ body: (Int, inout TextBuffer) -> Void) {
        out.append(isFirst ? "\"" : ",\"")
        isFirst = false
        appendKey(group.field, &out)
        out.append(keyEnd)
        if group.items.count > 1 { out.append("[") }
        for (position, index) in group.items.enumerated() {
            if position > 0 { out.append(",") }
            body(index, &out)
        }
        if group.items.count > 1 { out.append("]") }
    }

    /// The field's name behind that of its protocol; protocols, and what passes for one, have none before theirs.
    private func appendKey(_ field: FieldID, _ out: inout TextBuffer) {
        guard field != .text else { return out.append("text") }
        let info = formats.registry[field]
        if info.type != .proto, !info.isOwnProtocol {
            out.append(ekName: formats.text(formats[formats.registry[info.proto].field].pointee.abbreviation))
            out.append(95)
        }
        out.append(ekName: formats.text(formats[field].pointee.abbreviation))
    }

    private func printFiltered(_ field: FieldID, _ out: inout TextBuffer) {
        out.append("{\"filtered\":\"")
        if field == .text { out.append("text") } else { out.append(formats.text(formats[field].pointee.abbreviation)) }
        out.append("\"}")
    }

    private func printValue(_ item: Item, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        switch formats[item.field].pointee.type {
        case .none: return out.append("null")
        case .boolean: return out.append(item.value != 0 ? "true" : "false")
        default: break
        }
        scratch.text.truncate()
        switch formats[item.field].pointee.type {
        case .proto: formats.appendLabel(item, frame, to: &scratch.text)
        case .absoluteTime: scratch.text.append(isoTime: item.time)
        default: formats.appendValue(item, frame, to: &scratch.text)
        }
        out.append("\"")
        out.append(json: scratch.text.bytes)
        out.append("\"")
    }
}

extension TextBuffer {
    /// `2019-04-22T15:23:18.737752000Z`
    fileprivate mutating func append(isoTime time: Timestamp) {
        let date = CivilTime(time.seconds)
        append(isoDate: date)
        append("T")
        append(clock: date)
        append(46)
        append(decimal: UInt64(time.nanoseconds), width: 9)
        append("Z")
    }
}
