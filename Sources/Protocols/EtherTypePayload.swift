import Dissection
import Registries
import Wire

/// What link layers have in common that name their payload by an EtherType, or say how long it is: handing it on, and what
/// stands behind it.
struct EtherTypePayload: Sendable {
    /// A frame without its check sequence is padded to this many bytes (IEEE 802.3, section 4.2.3.3), headers of every layer
    /// counted.
    private static let minimumByteCount = 60
    static let largestLength: UInt16 = 1500

    private let padding, trailer: FieldID
    private let paddingUncertain: ExpertID
    private let types: TableID
    private let ethertype, llc, data: DissectorID?

    /// Registers the fields of the current protocol.
    /// - Parameter trailer: the name of the field for what follows the padding.
    init(trailer name: String, _ r: inout Registrar) {
        padding = r.field("eth.padding", "Padding", .bytes, needs: .upperLayers)
        trailer = r.field(name, "Trailer", .bytes, needs: .upperLayers)
        paddingUncertain = r.expert("eth.padding_bad", .proto, .note, "Didn't find padding of zeros, and an undecoded trailer exists. There may be padding of non-zeros.")
        types = r.table("ethertype", title: "Ethertype", .uint16, .hex)
        ethertype = r.dissector(named: "ethertype")
        llc = r.dissector(named: "llc")
        data = r.dissector(named: "data")
    }

    // MARK: Handing on

    /// Hands on what an EtherType names. Where no dissector takes it, the columns say the type.
    /// - Parameter info: what Info is for a type without a name; nil leaves it as it is.
    func dispatch(_ type: UInt16, _ payload: Reader, unnamed info: StaticString? = nil, _ context: inout Context) {
        if let ethertype { context.noteLayer(ethertype) }
        context.markPlace = (payload.source, payload.start)
        if context.dispatch(types, UInt32(type), payload) { return }
        if context.columns.accepts {
            context.columns.proto.truncate()
            context.columns.proto.append("0x")
            context.columns.proto.append(hex: UInt64(type), width: 4)
            if let text = EtherTypes.strings.name(of: UInt64(type)) ?? info { context.columns.setInfo(text) }
        }
        if let data { context.run(data, payload) }
    }

    /// Hands on a payload as long as a length field says.
    func dispatch(byteCount: Int, _ payload: Reader, _ context: inout Context) {
        let body = payload.narrowed(toByteCount: byteCount)
        context.markPlace = (payload.source, payload.start)
        if payload.source == 0 { context.packet.networkEnd = body.reportedEnd }
        if let next = body.peek16(0) == LLC.bareIPX ? data : llc { context.run(next, body) }
    }

    // MARK: Behind the payload

    /// Adds what follows the payload within a layer under the layer's node: padding and a trailer. They belong to the
    /// innermost layer that handed the payload on; those below it find nothing left.
    func addRest(of layer: Reader, headerByteCount: Int, under top: ItemRef, _ context: inout Context) {
        guard let end = end(in: layer, headerByteCount: headerByteCount, context) else { return }
        let firstItem = context.itemCount
        let offset = addPadding(from: end, layer, &context)
        if let offset { addTrailer(from: offset, to: layer.capturedEnd, payloadEnd: end, layer, &context) }
        context.moveItems(from: firstItem, under: top)
        context.packet.networkEnd = layer.reportedEnd
        if offset == nil { markCut(layer, &context) }
    }

    /// Where the payload of a layer ends, if something that was captured follows.
    func end(in layer: Reader, headerByteCount: Int, _ context: borrowing Context) -> Int? {
        guard layer.source == 0, let end = context.packet.networkEnd, end < min(layer.reportedEnd, layer.capturedEnd),
            end >= layer.start + headerByteCount
        else { return nil }
        return end
    }

    /// Adds zeros that fill the frame up to the least length; returns where they end, or nil where the capture cut them.
    func addPadding(from end: Int, _ layer: Reader, _ context: inout Context) -> Int? {
        let minimumEnd = Self.minimumByteCount
        guard isShort(end, layer), (end..<min(minimumEnd, layer.capturedEnd)).allSatisfy({ layer.bytes[$0] == 0 }) else { return end }
        guard layer.capturedEnd >= minimumEnd else { return nil }
        context.add(padding, layer, end, minimumEnd - end)
        return minimumEnd
    }

    func addTrailer(from offset: Int, to trailerEnd: Int, payloadEnd end: Int, _ layer: Reader, _ context: inout Context) {
        guard offset < trailerEnd else { return }
        let item = context.add(trailer, layer, offset, trailerEnd - offset)
        if offset == end, isShort(end, layer) { context.expert(under: item, paddingUncertain) }
    }

    /// Marks that the capture cut what follows the payload.
    func markCut(_ layer: Reader, _ context: inout Context) {
        guard let ethertype else { return }
        context.mark(layer.shortfall(layer.reportedEnd - layer.capturedEnd, at: layer.capturedEnd), in: ethertype)
    }

    /// Whether a payload that ends at `end` is too short for a frame, and the frame long enough.
    private func isShort(_ end: Int, _ layer: Reader) -> Bool { end < Self.minimumByteCount && layer.reportedEnd >= Self.minimumByteCount }
}

extension Context {
    /// Says where what a link layer carries ends: what the outermost layer says counts.
    mutating func noteNetworkEnd(of layer: Reader) {
        if layer.source == 0, packet.networkEnd == nil { packet.networkEnd = layer.reportedEnd }
    }
}
