import CaptureFile
import Dissection
import Wire

/// Dissects the segments and datagrams of ordinary frames alone, where nothing is asked of the layers below them but addresses.
struct TransportShortcut {
    private let tcp, udp: DissectorID
    private let wantsColumns: Bool

    /// nil where the lower layers are needed.
    init?(_ registry: Registry, _ plan: Plan) {
        let isAboutTransport = plan.endpointLayers.isSubset(of: [EndpointLayers(.tcp), EndpointLayers(.udp)])
        let lower = registry.protocols.filter { ["frame", "eth", "ip", "ipv6"].contains($0.abbreviation) }
        guard isAboutTransport, !lower.contains(where: { plan.wantsFields(of: $0.id) }),
            let numbers = registry.table(named: "ip.proto")?.numbers, let tcp = numbers[6], let udp = numbers[17]
        else { return nil }
        self.tcp = tcp
        self.udp = udp
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
        packet = packet.rest.narrowed(toByteCount: Int(headers.packetByteCount))
        context.markPlace = (0, FrameHeaders.packetOffset)
        context.setLinkAddresses(source: .ethernet(frame.bytes.uint64(6) >> 16), destination: .ethernet(frame.bytes.uint64(0) >> 16))
        let ends = headers.ends(in: frame.bytes)
        context.setNetworkAddresses(source: ends.source, destination: ends.destination)
        context.packet.ipProtocol = headers.protocolNumber
        packet.offset = headers.transportOffset
        context.run(headers.transport == .tcp ? tcp : udp, packet.rest)
    }
}
