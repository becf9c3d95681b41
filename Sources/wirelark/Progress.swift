#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Capture

/// How far a run through a capture has come: a line on standard error, where that is a terminal, drawn anew in place once the
/// run has taken a second, and wiped when it ends.
final class Progress {
    private static let firstSeconds = 1.0
    private static let stepSeconds = 0.2
    /// Frames between two looks at the clock.
    private static let frameStride = 256

    private let isShown: Bool
    /// Bytes of the capture file; nil where they are not known.
    private let byteCount: Int64?
    private let began = CaptureClock.seconds
    private var next = CaptureClock.seconds + Progress.firstSeconds
    private var frameCount = 0
    private var isDrawn = false

    /// - Parameter printsMeanwhile: whether the run writes to standard output as it goes.
    init(byteCount: Int64?, printsMeanwhile: Bool) {
        self.byteCount = byteCount
        // What is printed to a terminal shows by itself how far the run is, and would be mixed with the line.
        isShown = StandardError.isTerminal && !(printsMeanwhile && isatty(STDOUT_FILENO) == 1)
    }

    /// Takes note of a frame; `offset` is how many bytes of the file were read.
    @inline(__always)
    func update(_ offset: @autoclosure () -> Int64) {
        guard isShown else { return }
        frameCount &+= 1
        if frameCount % Self.frameStride == 0 { drawIfDue(offset()) }
    }

    /// Wipes the line: something else is written, or the run ends.
    func wipe() {
        guard isDrawn else { return }
        isDrawn = false
        StandardError.write("\r\u{1b}[K")
    }

    private func drawIfDue(_ offset: Int64) {
        let now = CaptureClock.seconds
        guard now >= next else { return }
        next = now + Self.stepSeconds
        isDrawn = true
        StandardError.write("\r\(text(offset, seconds: now - began))\u{1b}[K")
    }

    private func text(_ offset: Int64, seconds: Double) -> String {
        let rate = Double(offset) / seconds
        let speed = "\(Self.megabytes(rate)) MB/s"
        guard let byteCount, byteCount > 0, rate > 0 else { return "\(Self.megabytes(Double(offset))) MB, \(speed)" }
        let share = min(1, Double(offset) / Double(byteCount))
        let left = Int((Double(max(0, byteCount - offset)) / rate).rounded(.up))
        return "\(Int(share * 100)) %, \(speed), \(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60) left"
    }

    /// With one decimal where there are few.
    private static func megabytes(_ bytes: Double) -> String {
        let tenths = Int((bytes / 100_000).rounded())
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)"
    }
}
