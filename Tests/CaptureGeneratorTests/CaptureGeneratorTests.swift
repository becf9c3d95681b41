import Testing
import Wire

@testable import capture_generator

private func capture(seed: UInt64, byteCount: Int) throws -> [UInt8] {
    final class Output { var bytes: [UInt8] = [] }
    let output = Output()
    var writer = CaptureWriter { output.bytes += $0 }
    var scheduler = Scheduler(seed: seed)
    try scheduler.run(into: &writer, byteCount: byteCount)
    return output.bytes
}

/// The frames of a capture, by the lengths in its record headers, with their times.
private func frames(of capture: [UInt8]) -> [TimedFrame] {
    func value(_ offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(capture[offset + $1]) << (8 * $1) }
    }
    var frames: [TimedFrame] = []
    var offset = 24
    while offset + 16 <= capture.count {
        let end = offset + 16 + value(offset + 8)
        let time = Microseconds(value(offset) * 1_000_000 + value(offset + 4))
        frames.append(TimedFrame(time: time, bytes: Array(capture[offset + 16..<end])))
        offset = end
    }
    return frames
}

private func sum(_ bytes: ArraySlice<UInt8>, startingWith start: InternetChecksum = InternetChecksum()) -> UInt16 {
    var checksum = start
    checksum.add(Array(bytes))
    return checksum.folded
}

@Suite struct CaptureGeneratorTests {
    @Test func sameSeedGivesTheSameBytes() throws {
        #expect(try capture(seed: 7, byteCount: 300_000) == capture(seed: 7, byteCount: 300_000))
    }

    @Test func anotherSeedGivesOtherBytes() throws {
        #expect(try capture(seed: 7, byteCount: 300_000) != capture(seed: 8, byteCount: 300_000))
    }

    @Test(arguments: [24, 10_000, 2_000_000])
    func reachesTheByteCountAndStops(byteCount: Int) throws {
        let size = try capture(seed: 1, byteCount: byteCount).count
        #expect(size >= byteCount)
        #expect(size < byteCount + 16 + 14 + mtuByteCount)
    }

    @Test func timeNeverRunsBackwards() throws {
        let times = try frames(of: capture(seed: 1, byteCount: 2_000_000)).map(\.time)
        #expect(times.first == Scheduler.start)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func headerChecksumsOfIPv4AreRight() throws {
        let packets = try frames(of: capture(seed: 3, byteCount: 2_000_000)).filter { $0.bytes[12...13] == [8, 0] }
        #expect(packets.count > 1_000)
        #expect(packets.allSatisfy { sum($0.bytes[14..<34]) == 0xFFFF })
    }

    @Test func transportChecksumsAreRight() throws {
        let packets = try frames(of: capture(seed: 4, byteCount: 2_000_000)).map(\.bytes)
        var checkedCount = 0
        for packet in packets {
            guard let (addresses, protocolNumber, transport) = transport(of: packet) else { continue }
            var pseudoHeader = InternetChecksum()
            pseudoHeader.add(Array(addresses))
            pseudoHeader.add(UInt32(protocolNumber) + UInt32(transport.count))
            #expect(sum(transport, startingWith: pseudoHeader) == 0xFFFF)
            checkedCount += 1
        }
        #expect(checkedCount > 1_000)
    }

    /// Addresses, protocol and bytes of an unfragmented TCP or UDP packet.
    private func transport(of packet: [UInt8]) -> (ArraySlice<UInt8>, UInt8, ArraySlice<UInt8>)? {
        if packet[12...13] == [0x08, 0x00], packet[20] & 0x3F == 0, packet[21] == 0, [6, 17].contains(packet[23]) {
            let end = 14 + Int(packet[16]) << 8 + Int(packet[17])
            return (packet[26..<34], packet[23], packet[34..<end])
        }
        if packet[12...13] == [0x86, 0xDD], [6, 17].contains(packet[20]) {
            let end = 54 + Int(packet[18]) << 8 + Int(packet[19])
            return (packet[22..<54], packet[20], packet[54..<end])
        }
        return nil
    }

    @Test func gzipChecksumIsTheOneOfTheStandard() {
        // The check value of CRC-32/ISO-HDLC.
        #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test func sizesHaveUnits() {
        #expect(Options.byteCount(of: "100MB") == 100_000_000)
        #expect(Options.byteCount(of: "1GB") == 1_000_000_000)
        #expect(Options.byteCount(of: "64KB") == 64_000)
        #expect(Options.byteCount(of: "512") == 512)
        #expect(Options.byteCount(of: "many") == nil)
        #expect(Options.byteCount(of: "9223372036854775807GB") == nil)
    }
}
