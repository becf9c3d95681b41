import Wire

/// A buffer that printers format into before they escape; apart from them, so that printers stay copyable values.
///
/// ## Safety
/// The buffer is made in `init` and destroyed in `deinit`. A printer has its own, and uses it on one thread, for one text at a
/// time.
final class Scratch {
    private let buffer = UnsafeMutablePointer<TextBuffer>.allocate(capacity: 1)

    init() { buffer.initialize(to: TextBuffer(capacity: 1024)) }

    deinit {
        buffer.deinitialize(count: 1)
        buffer.deallocate()
    }

    var text: TextBuffer {
        @inline(__always) unsafeAddress { UnsafePointer(buffer) }
        @inline(__always) unsafeMutableAddress { buffer }
    }

    func xml(_ string: String, _ out: inout TextBuffer) {
        text.truncate()
        text.append(string)
        out.append(xml: text.bytes)
    }
}
