import Capture

/// What dumpcap tells a program of Wireshark's that has started it, on standard error: a letter, the length in 24 bits, and a text that
/// ends with a zero byte.
enum ParentMessage {
    /// A file was begun.
    case file(String)
    /// So many more packets were captured.
    case packets(Int)
    /// Of an interface.
    case drops(Int, String)
    case failure(String)
    /// What was asked for stands on standard output.
    case success

    func send() { StandardError.write(bytes) }

    private var bytes: [UInt8] {
        switch self {
        case .file(let path): Self.message("F", path)
        case .packets(let count): Self.message("P", "\(count)")
        case .drops(let count, let name): Self.message("D", "\(count):\(name)")
        // What is wrong, and more about it.
        case .failure(let text): Self.message("E", Self.message("E", text) + Self.message("E", ""))
        case .success: Self.message("S", [])
        }
    }

    private static func message(_ letter: Unicode.Scalar, _ text: String) -> [UInt8] { message(letter, Array(text.utf8) + [0]) }

    private static func message(_ letter: Unicode.Scalar, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        return [UInt8(ascii: letter), UInt8(truncatingIfNeeded: count >> 16), UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)] + contents
    }
}

/// Tells the parent how many packets there are, and at the end what was dropped.
final class ParentReport {
    private var told = 0

    func update(_ counts: CaptureCounts) {
        guard counts.recorded > told else { return }
        ParentMessage.packets(counts.recorded - told).send()
        told = counts.recorded
    }

    func finish(_ counts: CaptureCounts) {
        update(counts)
        for (title, source) in counts.sources where source.droppedByKernel > 0 { ParentMessage.drops(source.droppedByKernel, title).send() }
    }
}
