import Crypto
import Wire

/// What makes a frame a duplicate of an earlier one: the same length and the same bytes.
public struct DuplicateRule: Sendable {
    public enum Window: Sendable {
        /// Among so many frames, the one at hand included.
        case frames(Int)
        /// Not longer ago than this.
        case span(Timestamp)
    }

    public var window: Window
    /// Bytes at a frame's start that are not compared, unless it has no more.
    public var ignoredByteCount = 0
    public var ignoresRadiotapHeader = false

    public init(window: Window) { self.window = window }
}

/// The frames that later ones are compared with.
struct DuplicateFinder {
    private struct Seen {
        var byteCount: Int
        var digest: [UInt8]
        var time: Timestamp
    }

    private let rule: DuplicateRule
    private var seen: [Seen] = []
    /// The oldest of a full window, which is replaced next.
    private var next = 0

    /// The most frames that are kept for a window of time.
    private static let maximumFrameCount = 1_000_000

    init(_ rule: DuplicateRule) { self.rule = rule }

    /// Whether the frame is a duplicate, and the MD5 sum that says so.
    mutating func take(_ bytes: ByteView, at time: Timestamp) -> (isDuplicate: Bool, digest: [UInt8]) {
        let digest = digest(of: bytes)
        let isDuplicate = seen.contains { $0.byteCount == bytes.count && $0.digest == digest && isNear($0.time, time) }
        note(Seen(byteCount: bytes.count, digest: digest, time: time))
        return (isDuplicate, digest)
    }

    private func digest(of bytes: ByteView) -> [UInt8] {
        var start = rule.ignoredByteCount
        if rule.ignoresRadiotapHeader, bytes.count >= 4 { start += Int(bytes.uint16LE(2)) }
        let compared = start < bytes.count ? bytes[start..<bytes.count] : bytes
        var hash = Insecure.MD5()
        compared.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    private func isNear(_ earlier: Timestamp, _ time: Timestamp) -> Bool {
        guard case .span(let span) = rule.window else { return true }
        return time < earlier || time - earlier <= span
    }

    private mutating func note(_ frame: Seen) {
        switch rule.window {
        case .frames(let count): keep(frame, limit: count - 1)
        case .span(let span):
            // What is too old for this frame is too old for those after it.
            while next < seen.count, frame.time - seen[next].time > span, seen[next].time < frame.time { next += 1 }
            if next > 4096 || seen.count - next >= Self.maximumFrameCount {
                seen.removeFirst(max(next, 1))
                next = 0
            }
            seen.append(frame)
        }
    }

    private mutating func keep(_ frame: Seen, limit: Int) {
        guard limit > 0 else { return }
        if seen.count < limit {
            seen.append(frame)
        } else {
            seen[next] = frame
            next = (next + 1) % limit
        }
    }
}
