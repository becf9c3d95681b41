/// What a busy link shows for a long time: very many short flows, thousands at a time, that lose segments, stop without an end,
/// and leave fragments without the rest. Made to fill what an analyzer remembers, not to look like any one protocol in depth.
struct LiveTraffic {
    /// Flows that are open at a time.
    private static let openCount = 20_000
    /// Microseconds between two packets.
    private static let gap: Microseconds = 50
    private static let largestPayload = 1_400

    /// A flow at some point of its life.
    private struct Flow {
        var client: Endpoint
        var server: Endpoint
        var kind: Kind
        /// Packets sent so far, and those that it will send.
        var packetCount = 0
        var limit: Int
        var clientSequence: UInt32
        var serverSequence: UInt32
    }

    private enum Kind { case http, stream, datagrams, fragments }

    private var random: SplitMix64
    private var time = Scheduler.start
    private var flowCount = 0
    private var open: [Flow] = []
    private let filler: [UInt8]

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        filler = random.bytes(Self.largestPayload).map { 0x20 + $0 % 0x5f }
    }

    /// Writes packets of as many flows as are wanted.
    mutating func run(into writer: inout CaptureWriter, packetCount: Int, flowCount wantedFlows: Int) throws {
        let length = max(1, packetCount / max(1, wantedFlows))
        while flowCount < wantedFlows, open.count < Self.openCount { open.append(newFlow(length)) }
        var written = 0
        while written < packetCount, !open.isEmpty {
            let index = random.below(open.count)
            var flow = open[index]
            try writer.write(TimedFrame(time: time, bytes: nextPacket(&flow)))
            open[index] = flow
            written += 1
            time += Self.gap
            guard open[index].packetCount >= open[index].limit else { continue }
            if flowCount < wantedFlows {
                open[index] = newFlow(length)
            } else {
                open.swapAt(index, open.count - 1)
                open.removeLast()
            }
        }
        try writer.flush()
    }

    private mutating func newFlow(_ length: Int) -> Flow {
        flowCount += 1
        let kinds: [Kind] = [.http, .http, .http, .stream, .stream, .stream, .stream, .datagrams, .datagrams, .fragments]
        let kind = random.element(of: kinds)
        let number = UInt32(flowCount)
        let client = Endpoint(
            mac: [0x02, 0, 0x5E, 0x10, 1, UInt8(number % 250)],
            address: [10, UInt8(number >> 16 & 0xff), UInt8(number >> 8 & 0xff), UInt8(number & 0xff)], port: UInt16(random.uniform(20_000...60_000)))
        let port: UInt16 = switch kind { case .http: 80; case .stream: 9_123; case .datagrams, .fragments: 9_124 }
        let server = Endpoint(mac: routerMAC, address: [198, 18, UInt8(random.below(250)), UInt8(random.below(250))], port: port)
        return Flow(
            client: client, server: server, kind: kind, limit: random.uniform(max(1, length / 2)...(length + length / 2)),
            clientSequence: random.uint32(), serverSequence: random.uint32())
    }

    private mutating func nextPacket(_ flow: inout Flow) -> [UInt8] {
        defer { flow.packetCount += 1 }
        switch flow.kind {
        case .http, .stream: return nextSegment(&flow)
        case .datagrams:
            let payload = Array(filler.prefix(random.uniform(20...200)))
            return udpFrame(from: flow.client, to: flow.server, identification: random.uint16(), payload: payload)
        case .fragments:
            // The rest never comes.
            return ipFragments(
                from: flow.client, to: flow.server, protocolNumber: IPProtocol.udp, identification: UInt32(flow.packetCount),
                payload: udpDatagram(from: flow.client, to: flow.server, payload: filler + filler))[0]
        }
    }

    /// A handshake, a request, and an answer of which one segment in ten is lost; one flow in two never ends.
    private mutating func nextSegment(_ flow: inout Flow) -> [UInt8] {
        switch flow.packetCount {
        case 0: return segment(&flow, .client, .syn)
        case 1: return segment(&flow, .server, [.syn, .ack])
        case 2: return segment(&flow, .client, .ack)
        case 3: return segment(&flow, .client, [.push, .ack], Array("GET /\(flow.clientSequence) HTTP/1.1\r\nHost: a.example\r\n\r\n".utf8))
        case 4:
            let head = flow.kind == .http ? "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n" : ""
            return segment(&flow, .server, [.push, .ack], Array(head.utf8) + filler.prefix(random.below(Self.largestPayload - 100)))
        case flow.limit - 1 where random.chance(perTenThousand: 5_000): return segment(&flow, .server, [.fin, .ack])
        default:
            if flow.packetCount % 4 == 3 { return segment(&flow, .client, .ack) }
            if random.chance(perTenThousand: 1_000) { flow.serverSequence &+= UInt32(Self.largestPayload) }
            return segment(&flow, .server, .ack, Array(filler.prefix(random.uniform(100...Self.largestPayload))))
        }
    }

    private mutating func segment(_ flow: inout Flow, _ sender: Side, _ flags: TCPFlags, _ payload: [UInt8] = []) -> [UInt8] {
        let isClient = sender == .client
        let (source, destination) = isClient ? (flow.client, flow.server) : (flow.server, flow.client)
        var tcp: [UInt8] = []
        tcp.append(uint16: source.port)
        tcp.append(uint16: destination.port)
        tcp.append(uint32: isClient ? flow.clientSequence : flow.serverSequence)
        tcp.append(uint32: flags.contains(.ack) ? (isClient ? flow.serverSequence : flow.clientSequence) : 0)
        tcp += [0x50, flags.rawValue, 0xff, 0xff, 0, 0, 0, 0]
        tcp += payload
        let advance = UInt32(payload.count) + (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        if isClient { flow.clientSequence &+= advance } else { flow.serverSequence &+= advance }
        return ipFrame(from: source, to: destination, protocolNumber: IPProtocol.tcp, identification: random.uint16(), payload: tcp)
    }
}
