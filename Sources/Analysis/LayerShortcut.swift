import CaptureFile
import Dissection
import Wire

/// Dissects ordinary frames from the lowest layer on of which anything is asked but its addresses: from the packet, or from the segment or
/// datagram.
struct LayerShortcut {
    private let ip, ipv6, tcp, udp: DissectorID
    private let wantsPacket: Bool
    private let wantsColumns: Bool

    /// nil where the lowest layers are needed.
    init?(_ registry: Registry, _ plan: Plan) {
        func wants(_ names: Set<String>) -> Bool {
            registry.protocols.contains { names.contains($0.abbreviation) && plan.wantsFields(of: $0.id) }
        }
        guard !wants(["frame", "eth"]), !plan.endpointLayers.contains(EndpointLayers(.ethernet)),
            let types = registry.table(named: "ethertype")?.numbers, let ip = types[0x0800], let ipv6 = types[0x86dd],
            let numbers = registry.table(named: "ip.proto")?.numbers, let tcp = numbers[6], let udp = numbers[17]
        else { return nil }
        (self.ip, self.ipv6, self.tcp, self.udp) = (ip, ipv6, tcp, udp)
        wantsPacket = wants(["ip", "ipv6"]) || !plan.endpointLayers.isSubset(of: [EndpointLayers(.tcp), EndpointLayers(.udp)])
        wantsColumns = plan.wantsColumns
    }

    /// Whether the lower layers would do no more for a frame than name its ends: in Info stands what was cut from any layer, and colours
    /// are chosen by the lowest one.
    func mayDissect(_ frame: Reader, _ context: borrowing Context) -> Bool {
        !wantsColumns || frame.capturedEnd == frame.reportedEnd && context.coloring == nil && context.frame.customEnterprise == nil
    }

    /// - Parameter frame: the whole frame; its headers say where the segment or datagram is.
    func dissect(_ headers: FrameHeaders, _ frame: Reader, _ context: inout Context) {
        var packet = frame
        packet.offset = FrameHeaders.packetOffset
        context.markPlace = (0, FrameHeaders.packetOffset)
        context.setLinkAddresses(source: .ethernet(frame.bytes.uint64(6) >> 16), destination: .ethernet(frame.bytes.uint64(0) >> 16))
        if wantsPacket { return context.run(headers.isIPv4 ? ip : ipv6, packet.rest) }
        packet = packet.rest.narrowed(toByteCount: Int(headers.packetByteCount))
        let ends = headers.ends(in: frame.bytes)
        context.setNetworkAddresses(source: ends.source, destination: ends.destination)
        context.packet.ipProtocol = headers.protocolNumber
        packet.offset = headers.transportOffset
        context.run(headers.transport == .tcp ? tcp : udp, packet.rest)
    }
}
