import Analysis
import CaptureFile
import Dissection
import Foundation
import TestSupport
import Testing

/// Frames that are not dissected from their beginning on show the same columns and values.
@Suite struct LayerShortcutTests {
    @Test(arguments: ["eth", "vlan", "ip", "ipv6", "tcp", "udp", "http", "tls", "dns", "icmp", "arp", "vxlan"])
    func columnsAreTheSame(proto: String) throws {
        for fixture in try Fixture.all(of: proto) { try compare(fixture, fields: []) }
    }

    @Test(arguments: ["eth", "ip", "ipv6", "tcp", "udp", "gre"])
    func valuesAreTheSame(proto: String) throws {
        for fixture in try Fixture.all(of: proto) { try compare(fixture, fields: ["ip.src", "ip.ttl", "ipv6.dst", "tcp.port", "udp.length"]) }
    }

    @Test func layersAreLeftOut() throws {
        let (registry, capture) = (try TestBed().registry, PackageRoot.url.appending(path: "Fixtures/captures/http.pcap").path)
        let (fromTransport, frameCount) = try compare(capture, registry, fields: [])
        let (fromPacket, _) = try compare(capture, registry, fields: ["ip.src"])
        #expect(fromTransport > frameCount)
        #expect(fromPacket > frameCount / 2)
        #expect(fromTransport > fromPacket)
    }

    private func compare(_ fixture: Fixture, fields: [String]) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "wirelark-\(UUID().uuidString)")
        try Data(fixture.captureBytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try compare(file.path, TestBed.shared(for: fixture).registry, fields: fields)
    }

    /// Compares what is shown of a capture with what is shown where the frame's own fields are asked for as well. Returns how many layers
    /// fewer were run.
    private func compare(_ path: String, _ registry: Registry, fields: [String]) throws -> (fewerLayers: Int, frameCount: Int) {
        let whole = try shown(path, registry, fields, besides: ["frame.number"])
        let short = try shown(path, registry, fields, besides: [])
        #expect(!whole.lines.isEmpty)
        #expect(short.lines == whole.lines, "\(path)")
        return (whole.layerCount - short.layerCount, whole.lines.count)
    }

    private func shown(_ path: String, _ registry: Registry, _ fields: [String], besides others: [String]) throws -> (lines: [String], layerCount: Int) {
        func ids(_ names: [String]) -> Set<FieldID> { Set(names.flatMap { registry.fields(named: $0).map(\.id) }) }
        let plan = Plan(registry, PlanWants(fields: ids(fields + others), columns: true))
        let left = ids(others)
        var session = try Session(registry, reader: CaptureReader(path: path), plan: plan, resolution: NameResolution())
        var (lines, layerCount): ([String], Int) = ([], 0)
        while try session.next() {
            let frame = session.context.frame.number
            let items = (0..<session.context.itemCount).map { session.context.item($0) }.filter { !left.contains($0.field) }
            let values = items.map { "\(registry[$0.field].abbreviation)=\($0.value)" }.joined(separator: " ")
            let ends = "\(session.context.columns.linkSource) \(session.context.columns.source) \(session.context.columns.destination)"
            let ports = "\(session.context.columns.sourcePort) \(session.context.columns.destinationPort)"
            lines.append("\(frame) \(ends) \(ports) \(session.context.columns.proto.string) \(session.context.columns.info.string) \(values)")
            layerCount += session.context.layerCount
        }
        return (lines, layerCount)
    }
}
