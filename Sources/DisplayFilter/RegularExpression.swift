import CPCRE2
import Wire

/// A pattern of `matches`: PCRE2's dialect, letters in either case unless the pattern says otherwise.
///
/// ## Safety
/// `code` is compiled in `init`, never changed after, and freed in `deinit`; PCRE2 lets any number of threads match with it. What a
/// match needs besides is made for the match alone, and the bytes are used only within the call that lends them.
final class RegularExpression: @unchecked Sendable {
    struct Problem: Error {
        let text: String
    }

    /// Steps of one match, at most: a pattern can need more than a lifetime.
    private static let matchLimit: UInt32 = 1_000_000

    private let code: OpaquePointer
    private let context: OpaquePointer?

    init(_ pattern: [UInt8]) throws(Problem) {
        var number: Int32 = 0
        var offset = 0
        let compiled = pattern.withUnsafeBufferPointer { pcre2_compile_8($0.baseAddress, $0.count, PCRE2_CASELESS | PCRE2_NEVER_UTF, &number, &offset, nil) }
        guard let compiled else {
            var message = [UInt8](repeating: 0, count: 256)
            let length = pcre2_get_error_message_8(number, &message, message.count)
            throw Problem(text: String(decoding: message.prefix(max(0, Int(length))), as: UTF8.self))
        }
        code = compiled
        // Where it cannot be translated for the processor, it is interpreted.
        _ = pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
        context = pcre2_match_context_create_8(nil)
        pcre2_set_match_limit_8(context, Self.matchLimit)
    }

    deinit {
        pcre2_match_context_free_8(context)
        pcre2_code_free_8(code)
    }

    /// Whether the pattern is found in the bytes.
    func isFound(in bytes: ByteView) -> Bool {
        guard let data = pcre2_match_data_create_8(1, nil) else { return false }
        defer { pcre2_match_data_free_8(data) }
        return bytes.withUnsafeBytes { buffer in
            pcre2_match_8(code, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count, 0, 0, data, context) >= 0
        }
    }
}
