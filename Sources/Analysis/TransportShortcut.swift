import CaptureFile
import Dissection
import Wire

/// Dissects the segments and datagrams of ordinary frames alone, where nothing is asked of the layers below them.
struct TransportShortcut {
    private let tcp, udp: DissectorID

    /// nil where the lower layers are needed.
    init?(_ registry: Registry, _ plan: Plan) {
        let isAboutTransport = plan.endpointLayers.isSubset(of: [EndpointLayers(.tcp), EndpointLayers(.udp)])
        let lower = registry.protocols.filter { ["frame", "eth", "ip", "ipv6"].contains($0.abbreviation) }
        guard isAboutTransport, !plan.wantsColumns, !lower.contains(where: { plan.wantsFields(of: $0.id) }),
            let numbers = registry.table(named: "ip.proto")?.numbers, let tcp = numbers[6], let udp = numbers[17]
        else { return nil }
        self.tcp = tcp
        self.udp = udp
    }

    /// - Parameter frame: the whole frame; its headers say where the segment or datagram is.
    func dissect(_ headers: FrameHeaders, _ frame: Reader, _ context: inout Context) {
        var packet = frame
        packet.offset = FrameHeaders.packetOffset
        packet = packet.rest.narrowed(toByteCount: headers.packetByteCount)
        context.markPlace = (0, FrameHeaders.packetOffset)
        context.setNetworkAddresses(source: headers.source, destination: headers.destination)
        context.packet.ipProtocol = headers.protocolNumber
        packet.offset = headers.transportOffset
        context.run(headers.transport == .tcp ? tcp : udp, packet.rest)
    }
}
