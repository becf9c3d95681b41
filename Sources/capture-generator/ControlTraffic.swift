/// Exchanges that keep a network going: address resolution, echo, and connections that nobody answers.

/// An ARP request and its reply (RFC 826).
func arpExchange(
    from client: Endpoint, to target: Endpoint, at start: Microseconds, random source: SplitMix64
) -> ShortConversation {
    var random = source
    let broadcast = [UInt8](repeating: 0xFF, count: 6)
    let request = arpMessage(operation: 1, from: client, targetMAC: [0, 0, 0, 0, 0, 0], targetAddress: target.address)
    let reply = arpMessage(operation: 2, from: target, targetMAC: client.mac, targetAddress: client.address)
    return ShortConversation(frames: [
        TimedFrame(
            time: start,
            bytes: ethernetFrame(from: client.mac, to: broadcast, etherType: EtherType.arp, payload: request)),
        TimedFrame(
            time: start + Microseconds(random.uniform(100...900)),
            bytes: ethernetFrame(from: target.mac, to: client.mac, etherType: EtherType.arp, payload: reply)),
    ])
}

private func arpMessage(
    operation: UInt16, from sender: Endpoint, targetMAC: [UInt8], targetAddress: [UInt8]
) -> [UInt8] {
    var message: [UInt8] = []
    message.append(uint16: 1)
    message.append(uint16: EtherType.ipv4)
    message += [6, 4]
    message.append(uint16: operation)
    message += sender.mac
    message += sender.address
    message += targetMAC
    message += targetAddress
    return message
}

/// A neighbour solicitation and its advertisement (RFC 4861 sections 4.3 and 4.4), sent with hop limit 255.
func neighbourDiscovery(
    from client: Endpoint, to target: Endpoint, at start: Microseconds, random source: SplitMix64
) -> ShortConversation {
    var random = source
    var asking = client
    var answering = target
    asking.hopLimit = 255
    answering.hopLimit = 255
    // The solicited-node multicast address and its MAC address (RFC 4291 section 2.7.1, RFC 2464 section 7).
    let group = Endpoint(
        mac: [0x33, 0x33, 0xFF] + target.address.suffix(3),
        address: [0xFF, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF] + target.address.suffix(3))
    let solicitation = [0, 0, 0, 0] + target.address + [1, 1] + client.mac
    let advertisement = [0xE0, 0, 0, 0] + target.address + [2, 1] + target.mac
    return ShortConversation(frames: [
        TimedFrame(time: start, bytes: icmpFrame(from: asking, to: group, type: 135, body: solicitation)),
        TimedFrame(
            time: start + Microseconds(random.uniform(100...900)),
            bytes: icmpFrame(from: answering, to: asking, type: 136, body: advertisement)),
    ])
}

/// A few echo requests, one a second, most of them answered (RFC 792, RFC 4443 section 4).
func echoExchange(
    from client: Endpoint, to server: Endpoint, at start: Microseconds, random source: SplitMix64
) -> ShortConversation {
    var random = source
    let identifier = random.uint16()
    let roundTrip = Microseconds(random.logUniform(3_000...90_000))
    let content = random.bytes(random.element(of: [32, 56, 56, 56, 1_000]))
    let (requestType, replyType): (UInt8, UInt8) = client.isIPv6 ? (128, 129) : (8, 0)
    var frames: [TimedFrame] = []
    for sequence in 1...random.uniform(1...5) {
        let time = start + Microseconds(sequence) * 1_000_000
        var body: [UInt8] = []
        body.append(uint16: identifier)
        body.append(uint16: UInt16(sequence))
        body += content
        frames.append(
            TimedFrame(
                time: time,
                bytes: icmpFrame(
                    from: client, to: server, type: requestType, identification: random.uint16(), body: body)))
        guard !random.chance(perTenThousand: 400) else { continue }
        frames.append(
            TimedFrame(
                time: time + roundTrip + Microseconds(random.below(500)),
                bytes: icmpFrame(
                    from: server, to: client, type: replyType, identification: random.uint16(), body: body)))
    }
    return ShortConversation(frames: frames)
}

/// A SYN that is refused, or one that nobody answers and that is sent again after one and three seconds.
func unansweredConnection(
    from clientEnd: Endpoint, to serverEnd: Endpoint, at start: Microseconds, random source: SplitMix64
) -> ShortConversation {
    var random = source
    let options = TCPOptions(random: &random)
    let client = TCPConversation.Peer(
        endpoint: clientEnd, random: &random, distance: 200, hasWindowScale: options.hasWindowScale)
    let server = TCPConversation.Peer(
        endpoint: serverEnd, random: &random, distance: 9_000, hasWindowScale: options.hasWindowScale)
    func synchronization(at time: Microseconds) -> TimedFrame {
        let segment = TimedSegment(time: time, sender: .client, flags: .syn, sequence: client.sequence)
        let bytes = ipFrame(
            from: clientEnd, to: serverEnd, protocolNumber: IPProtocol.tcp, identification: client.identification,
            payload: options.segmentBytes(segment, from: client, to: server))
        return TimedFrame(time: time, bytes: bytes)
    }
    guard random.chance(perTenThousand: 5_000) else {
        return ShortConversation(frames: [0, 1_000_000, 3_000_000].map { synchronization(at: start + $0) })
    }
    // RFC 9293 section 3.5.2: the reset has sequence number zero and acknowledges the SYN; it carries no options.
    let reset = bareReset(acknowledging: client.sequence &+ 1, from: serverEnd, to: clientEnd)
    return ShortConversation(frames: [
        synchronization(at: start),
        TimedFrame(
            time: start + 2 * server.distance,
            bytes: ipFrame(
                from: serverEnd, to: clientEnd, protocolNumber: IPProtocol.tcp, identification: 0, payload: reset)),
    ])
}

private func bareReset(acknowledging: UInt32, from source: Endpoint, to destination: Endpoint) -> [UInt8] {
    var segment: [UInt8] = []
    segment.append(uint16: source.port)
    segment.append(uint16: destination.port)
    segment.append(uint32: 0)
    segment.append(uint32: acknowledging)
    segment += [5 << 4, (TCPFlags.reset.union(.ack)).rawValue, 0, 0, 0, 0, 0, 0]
    let pseudoHeader = pseudoHeaderChecksum(
        from: source, to: destination, protocolNumber: IPProtocol.tcp, byteCount: segment.count)
    segment.set(uint16: segment.internetChecksum(startingWith: pseudoHeader), at: 16)
    return segment
}
