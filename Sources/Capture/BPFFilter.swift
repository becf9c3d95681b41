import CPcap
import Synchronization
import Wire

/// Why a capture filter was refused.
public struct BPFError: Error, Hashable, Sendable, CustomStringConvertible {
    public var expression: String
    /// What libpcap said.
    public var message: String
    /// The character at which it makes no sense any more, where that is known.
    public var offset: Int?

    init(expression: String, message: String) {
        self.expression = expression
        self.message = message
    }

    /// One sentence for the user, and the place marked under the filter.
    public var description: String {
        let sentence = "The capture filter \"\(expression)\" isn't valid: \(message)."
        guard let offset else { return sentence }
        // A tab stays one, so that both lines take the same width.
        let blank = String(expression.prefix(offset).map { $0 == "\t" ? "\t" : " " })
        return "\(sentence)\n    \(expression)\n    \(blank)^"
    }
}

/// A capture filter in pcap-filter(7) syntax, compiled for one kind of link.
public struct BPFFilter: Sendable {
    public let expression: String
    private let instructions: [bpf_insn]

    /// Older libpcaps keep their parser's state in globals, and all ask the resolver for the names in an expression.
    private static let compilation = Mutex(())

    /// Compiles `expression`; nothing is sent or opened but what names in it need for being resolved.
    public init(_ expression: String, linkType: LinkType, snapLength: Int = 262_144) throws(BPFError) {
        self.expression = expression
        let result = Self.compilation.withLock { _ in
            Self.compile(expression, linkType: linkType, snapLength: snapLength)
        }
        switch result {
        case .success(let instructions): self.instructions = instructions
        case .failure(let error): throw error
        }
    }

    private static func compile(
        _ expression: String, linkType: LinkType, snapLength: Int
    ) -> Result<[bpf_insn], BPFError> {
        let snapLength = Int32(clamping: snapLength > 0 ? snapLength : 262_144)
        guard let number = linkType.captureNumber, let handle = pcap_open_dead(number, snapLength) else {
            return .failure(BPFError(expression: expression, message: "link type \(linkType.rawValue) has no filters"))
        }
        defer { pcap_close(handle) }
        var program = bpf_program()
        // PCAP_NETMASK_UNKNOWN: only `ip broadcast` would need the mask, and is refused without it.
        guard pcap_compile(handle, &program, expression, 1, .max) == 0 else {
            return .failure(BPFError(expression, refusedBy: handle))
        }
        defer { pcap_freecode(&program) }
        return .success(Array(UnsafeBufferPointer(start: program.bf_insns, count: Int(program.bf_len))))
    }

    /// Whether the filter accepts a frame of which `bytes` were captured.
    public func matches(_ bytes: ByteView, originalByteCount: Int) -> Bool {
        instructions.withUnsafeBufferPointer { program in
            bytes.withUnsafeBytes { frame in
                // The interpreter checks each load against the captured length.
                bpf_filter(
                    program.baseAddress, frame.bindMemory(to: UInt8.self).baseAddress,
                    UInt32(clamping: originalByteCount), UInt32(clamping: frame.count)) != 0
            }
        }
    }
}
