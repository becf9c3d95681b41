import Dissection
import Wire

/// The values of expressions in a frame.
struct ExpressionValues {
    /// Values of one expression, at most: products of hostile frames have no end.
    private static let valueLimit = 1 << 16

    /// What `${name}` stands for.
    let references: [FieldID: [TypedValue]]

    func values(_ expression: CheckedExpression, _ frame: borrowing DissectedFrame) -> [TypedValue] {
        switch expression {
        case .literal(let values): return values
        case .field(let use): return items(use, frame).compactMap { use.isRaw ? .bytes(frame.bytes(of: $0.item)) : TypedValue($0.item, of: $0.info, frame) }
        case .column(let column): return [column.value(frame)]
        case .reference(let infos): return infos.flatMap { references[$0.id] ?? [] }
        case .slice(let inner, let ranges): return values(inner, frame).compactMap { Self.slice($0, ranges) }
        case .negation(let inner): return values(inner, frame).compactMap(Self.negative)
        case .arithmetic(let symbol, let left, let right):
            return symbol.results(values(left, frame), values(right, frame), atMost: Self.valueLimit)
        case .call(.vals, let arguments):
            guard case .field(let use)? = arguments.first else { return [] }
            return items(use, frame).compactMap { found in
                found.info.strings?.name(of: found.item.value).map { TypedValue(.text, .bytes(Array("\($0)".utf8))) }
            }
        case .call(let function, let arguments):
            return function.results(arguments.map { values($0, frame) })
        }
    }

    /// What `contains` and `matches` look into: of a protocol, everything behind its first byte.
    func searchedValues(_ expression: CheckedExpression, _ frame: borrowing DissectedFrame) -> [TypedValue] {
        guard case .field(let use) = expression, !use.isRaw else { return values(expression, frame) }
        return items(use, frame).compactMap { $0.info.type == .proto ? .bytes(frame.searchedBytes(of: $0.item, $0.info.type)) : TypedValue($0.item, $0.info.type, frame) }
    }

    func items(_ use: FieldUse, _ frame: borrowing DissectedFrame) -> [(item: Item, info: FieldInfo)] {
        var found: [(item: Item, info: FieldInfo)] = []
        var numbers: [Int] = []
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            guard let position = use.infos.firstIndex(where: { $0.id == item.field }) else { continue }
            if use.layers != nil { numbers.append(Self.layerNumber(of: item, among: use.nodes[position], frame)) }
            found.append((item, use.infos[position]))
            if found.count == Self.valueLimit { break }
        }
        // From the end layers count from the last one that has the field.
        guard let layers = use.layers, let last = numbers.max() else { return found }
        return zip(found, numbers).filter { _, number in layers.contains { $0.contains(layer: number, of: last) } }.map(\.0)
    }

    /// Which of its protocol's layers an item stands in, the outermost being number 1.
    private static func layerNumber(of item: Item, among node: FieldID, _ frame: borrowing DissectedFrame) -> Int {
        var (count, own) = (0, 0)
        var last: UInt16?
        for index in 0..<frame.itemCount {
            let other = frame.item(index)
            guard other.field == node, other.layer != last else { continue }
            last = other.layer
            count += 1
            if other.layer <= item.layer { own = count }
        }
        // A protocol whose fields stand in other protocols' layers alone has one layer.
        return max(own, 1)
    }

    // MARK: Parts of values

    /// The parts of a value one behind the other, up to the first that is not there.
    private static func slice(_ value: TypedValue, _ ranges: [IndexRange]) -> TypedValue? {
        guard let bytes = value.bytes else { return nil }
        if value.kind == .text, bytes.contains(where: { $0 >= 0x80 }) { return sliceCharacters(bytes, ranges) }
        var result: [UInt8] = []
        for range in ranges {
            guard let part = range.indices(of: bytes.count) else { break }
            result += bytes[part]
        }
        return result.isEmpty ? nil : TypedValue(.bytes, .bytes(result))
    }

    /// Of a text the characters are counted, not their bytes.
    private static func sliceCharacters(_ bytes: [UInt8], _ ranges: [IndexRange]) -> TypedValue? {
        let characters = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        var result: [UInt8] = []
        for range in ranges {
            guard let part = range.indices(of: characters.count) else { break }
            for character in characters[part] { result += Array(character.utf8) }
        }
        return result.isEmpty ? nil : TypedValue(.bytes, .bytes(result))
    }

    private static func negative(_ value: TypedValue) -> TypedValue? {
        if case .float(let number) = value.value { return TypedValue(.float, .float(-number)) }
        guard let number = value.integer else { return nil }
        return value.kind == .relativeTime ? Int64(exactly: -number).map { TypedValue(.relativeTime, .signed($0)) } : TypedValue(-number)
    }
}

extension IndexRange {
    /// Whether a layer is meant; layers count from 1, and not all that are meant need be there.
    fileprivate func contains(layer number: Int, of count: Int) -> Bool {
        func fromOne(_ index: Int) -> Int { index < 0 ? count + index + 1 : index }
        guard number >= fromOne(first) else { return false }
        return switch extent {
        case .toEnd: true
        case .count(let wanted): number - fromOne(first) < wanted
        case .through(let last): number <= fromOne(last)
        }
    }
}

extension SummaryColumn {
    func value(_ frame: borrowing DissectedFrame) -> TypedValue {
        var text = TextBuffer(capacity: 128)
        switch self {
        case .number: text.append(decimal: frame.info.number)
        case .length: text.append(decimal: frame.info.originalByteCount)
        case .source: text.append(frame.columns.source)
        case .destination: text.append(frame.columns.destination)
        case .proto: text.append(frame.columns.proto.bytes)
        case .info: text.append(frame.columns.info.bytes)
        }
        return TypedValue(.text, .bytes(text.bytes.copy()))
    }
}

extension TypedValue {
    /// The value of an item of a field; nil for one without.
    init?(_ item: Item, of info: FieldInfo, _ frame: borrowing DissectedFrame) {
        if info.spansPayload { self = .bytes(frame.searchedBytes(of: item, info.type)) } else { self.init(item, info.type, frame) }
    }

    /// The value of an item; nil for one without.
    init?(_ item: Item, _ type: FieldType, _ frame: borrowing DissectedFrame) {
        let value: Constant
        switch type {
        case .none: return nil
        case .boolean: value = .unsigned(item.value == 0 ? 0 : 1)
        case .int8, .int16, .int24, .int32, .int64, .absoluteTime, .relativeTime: value = .signed(item.signedValue)
        case .float: value = .float(Double(Float(bitPattern: UInt32(truncatingIfNeeded: item.value))))
        case .double: value = .float(Double(bitPattern: item.value))
        case .ipv4: value = .masked(item.value, mask: 0xffff_ffff)
        case .string, .stringZero, .bytes, .objectIdentifier, .ipv6: value = .bytes(frame.valueBytes(of: item).copy())
        case .proto: value = .bytes(frame.bytes(of: item).copy())
        default: value = .unsigned(item.value)
        }
        self.init(type.valueKind, value)
    }

    static func bytes(_ view: ByteView) -> TypedValue { TypedValue(.bytes, .bytes(view.copy())) }
}

extension DissectedFrame {
    /// The bytes that an item is searched in: of a protocol all of its layer, payload and all, of others the value.
    func searchedBytes(of item: Item, _ type: FieldType) -> ByteView {
        switch type {
        case .proto:
            guard Int(item.source) < sources.count else { return .empty }
            let end = max(Int(item.offset) + Int(item.byteCount), Int(truncatingIfNeeded: item.value))
            return sources[Int(item.source)].bytes[Int(item.offset)..<end]
        default: return valueBytes(of: item)
        }
    }
}
