import Foundation

/// System calls made in another process, to see what it may still do: it is stopped, makes them as if it had meant to, and goes on.
enum ForeignCalls {
    /// Only one processor's registers are known here; whether one may look into other processes is for the system to say.
    static let arePossible: Bool = {
        #if arch(x86_64) && os(Linux)
        guard geteuid() == 0, let child = try? Process.run(URL(fileURLWithPath: "/bin/sleep"), arguments: ["60"]) else { return false }
        defer { child.terminate() }
        usleep(100_000)
        return (try? results(in: child.processIdentifier, [.socket(AF_INET)]))?.allSatisfy { $0 >= 0 } ?? false
        #else
        false
        #endif
    }()

    enum Call {
        case openForReading(String)
        case create(String)
        case socket(Int32)

        /// Its number, and what stands before and behind the path, if there is one.
        fileprivate var text: String {
            switch self {
            case .openForReading(let path): "(257, -100, '\(path)', 0)"
            case .create(let path): "(257, -100, '\(path)', 0o101, 0o600)"
            case .socket(let domain): "(41, \(domain), 2, 0)"
            }
        }
    }

    /// What each call returns there: an error's number below 0. What is opened is closed again.
    static func results(in process: Int32, _ calls: [Call]) throws -> [Int] {
        let path = try Captures.write("foreign-calls-\(process).py", Data("""
            import ctypes, os

            class Registers(ctypes.Structure):
                _fields_ = [(name, ctypes.c_ulonglong) for name in (
                    "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss fs_base gs_base ds es fs gs").split()]

            libc = ctypes.CDLL(None, use_errno=True)
            libc.ptrace.restype = ctypes.c_long
            libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
            process = \(process)

            def ptrace(request, address=None, data=None):
                if libc.ptrace(request, process, address, data) == -1:
                    raise OSError(ctypes.get_errno(), "ptrace")

            def put(text, address):
                padded = text.encode() + bytes(8 - len(text) % 8)
                for offset in range(0, len(padded), 8):
                    ptrace(5, address + offset, int.from_bytes(padded[offset:offset + 8], "little"))
                return address

            def call(number, *arguments):
                registers = Registers.from_buffer_copy(saved)
                below = saved.rsp - 4096
                values = [put(argument, below) if isinstance(argument, str) else argument for argument in arguments]
                for name, value in zip("rdi rsi rdx r10".split(), values):
                    setattr(registers, name, value & (1 << 64) - 1)
                # The instruction that the process waits in; nothing is to be begun anew behind it.
                registers.rax, registers.rip, registers.orig_rax = number, saved.rip - 2, (1 << 64) - 1
                ptrace(13, None, ctypes.addressof(registers))
                ptrace(9)
                os.waitpid(process, 0x40000000)
                ptrace(12, None, ctypes.addressof(registers))
                return ctypes.c_longlong(registers.rax).value

            ptrace(16)
            os.waitpid(process, 0x40000000)
            saved = Registers()
            ptrace(12, None, ctypes.addressof(saved))
            for arguments in [\(calls.map(\.text).joined(separator: ", "))]:
                result = call(*arguments)
                print(result)
                if result >= 0:
                    call(3, result)
            ptrace(13, None, ctypes.addressof(saved))
            ptrace(17)
            """.utf8))
        return try Network.shell("python3 \(path)").split(separator: "\n").compactMap { Int($0) }
    }
}
