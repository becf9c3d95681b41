import Foundation

/// Captures of TCP segments between 10.0.0.1:1000 and 10.0.0.2:80, a second apart.
struct Segments {
    private var frames: [[UInt8]] = []
    private var sizes: [Int] = []

    /// A segment from the first end, or from the second. `flags` are letters: S, A, F, R, P.
    mutating func add(
        _ sender: Sender, _ sequence: UInt32, _ acknowledgment: UInt32, _ flags: String = "PA", _ payload: String = "", capturing limit: Int? = nil
    ) {
        func pair(_ value: UInt32) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }
        func quad(_ value: UInt32) -> [UInt8] { pair(value >> 16) + pair(value & 0xffff) }
        let bits: [Character: UInt8] = ["F": 1, "S": 2, "R": 4, "P": 8, "A": 16]
        let ends: [([UInt8], UInt32)] = [([10, 0, 0, 1], 1000), ([10, 0, 0, 2], 80)]
        let (source, destination) = sender == .first ? (ends[0], ends[1]) : (ends[1], ends[0])
        let tcp = pair(source.1) + pair(destination.1) + quad(sequence) + quad(acknowledgment)
            + [0x50, flags.reduce(0) { $0 | (bits[$1] ?? 0) }] + pair(1000) + [0, 0, 0, 0] + Array(payload.utf8)
        let header: [UInt8] = [0x45, 0] + pair(UInt32(20 + tcp.count)) + [0, 1, 0, 0, 64, 6, 0, 0] + source.0 + destination.0
        let frame = Captures.ethernet(0x0800, header + tcp)
        sizes.append(frame.count)
        frames.append(Array(frame.prefix(limit.map { 54 + $0 } ?? .max)))
    }

    enum Sender { case first, second }

    /// The three segments that open a conversation: numbers 100 and 500.
    mutating func open() {
        add(.first, 100, 0, "S")
        add(.second, 500, 101, "SA")
        add(.first, 101, 501, "A")
    }

    var capture: Data {
        var data = Data()
        func append(_ values: UInt32...) { for value in values { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } } }
        append(0xa1b2_c3d4, 0x0004_0002, 0, 0, 65535, 1)
        for (index, frame) in frames.enumerated() {
            append(1_555_946_598 + UInt32(index), 500_000, UInt32(frame.count), UInt32(sizes[index]))
            data.append(contentsOf: frame)
        }
        return data
    }
}
