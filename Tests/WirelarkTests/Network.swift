import Foundation

/// Two network namespaces with a cable between them: `left` at 192.0.2.1 in the one, `right` at 192.0.2.2 in the other.
final class Network {
    static let leftAddress = "192.0.2.1"
    static let rightAddress = "192.0.2.2"

    /// Whether namespaces can be made: by root, where the system lets it.
    static let isAllowed: Bool = {
        guard geteuid() == 0, (try? shell("command -v ip ping python3")) != nil else { return false }
        let name = "wirelark-test-\(getpid())-probe"
        guard (try? shell("ip netns add \(name)")) != nil else { return false }
        _ = try? shell("ip netns del \(name)")
        return true
    }()

    private static let counter = Counter()
    let left: String
    let right: String

    init() throws {
        let number = Self.counter.next()
        left = "wirelark-test-\(getpid())-\(number)-l"
        right = "wirelark-test-\(getpid())-\(number)-r"
        try Self.shell("""
            set -e
            ip netns add \(left); ip netns add \(right)
            ip -n \(left) link add left type veth peer name right netns \(right)
            ip netns exec \(left) sysctl -qw net.ipv6.conf.all.disable_ipv6=1
            ip netns exec \(right) sysctl -qw net.ipv6.conf.all.disable_ipv6=1
            ip -n \(left) address add \(Self.leftAddress)/24 dev left; ip -n \(right) address add \(Self.rightAddress)/24 dev right
            ip -n \(left) link set left up; ip -n \(right) link set right up
            ip -n \(left) link set lo up; ip -n \(right) link set lo up
            """)
    }

    deinit { _ = try? Self.shell("ip netns del \(left); ip netns del \(right)") }

    /// Runs a shell's command at one end, and waits for it.
    @discardableResult
    func run(at end: String, _ command: String) throws -> String { try Self.shell("ip netns exec \(end) sh -c '\(command)'") }

    /// Sends datagrams from left to right, each with its number in it.
    func send(_ count: Int, byteCount: Int = 100, pauseSeconds: Double = 0.002) throws {
        try Self.python(at: left, """
            import socket, time
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for i in range(\(count)):
                s.sendto(b"%08d" % i + bytes(\(byteCount) - 8), ("\(Self.rightAddress)", 4000)); time.sleep(\(pauseSeconds))
            """)
    }

    static func python(at end: String, _ program: String) throws {
        let path = try Captures.write("program-\(counter.next()).py", Data(program.utf8))
        try shell("ip netns exec \(end) python3 \(path)")
    }

    /// Runs a command that leaves a server behind, which keeps none of the descriptors that a test waits for the end of.
    static func startServer(at end: String, _ command: String) throws {
        try python(at: end, """
            import subprocess
            subprocess.run("\(command)".split(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            """)
    }

    @discardableResult
    static func shell(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        try output.fileHandleForWriting.close()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ShellError(command: command, exitCode: process.terminationStatus) }
        return text
    }
}

struct ShellError: Error {
    var command: String
    var exitCode: Int32
}

final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0
    func next() -> Int { lock.withLock { value += 1; return value } }
}

/// A capture that runs while a test does other things.
final class LiveCapture {
    private let process = Process()
    private let outputPath: String
    private let errorPath: String
    private static let counter = Counter()

    /// Starts it and waits until it captures.
    /// - Parameters:
    ///   - namespace: where; nil for here.
    ///   - name: as which the program is invoked.
    init(in namespace: String? = nil, as name: String? = nil, _ arguments: [String], input: FileHandle = .nullDevice, output: FileHandle? = nil, environment: [String: String] = [:]) throws {
        let number = Self.counter.next()
        outputPath = try Captures.write("live-\(number).out", Data())
        errorPath = try Captures.write("live-\(number).err", Data())
        let program = name ?? Command.executable.path
        let command = [program] + (name == nil ? ["capture"] : []) + arguments
        process.executableURL = URL(fileURLWithPath: namespace == nil ? program : "/bin/sh")
        // exec keeps the process number: ip's would be another one.
        process.arguments = namespace.map { ["-c", "exec ip netns exec \($0) \"$@\"", "sh"] + command } ?? Array(command.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(["TZ": "UTC"]) { $1 }.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = try output ?? FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorPath))
        try process.run()
        try wait { self.errors.contains("Capturing on") || !self.process.isRunning }
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var errors: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }
    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

    /// Waits until something is so, for a minute at most.
    func wait(until condition: () throws -> Bool) throws {
        for _ in 0..<6000 {
            if try condition() { return }
            usleep(10_000)
        }
        throw ShellError(command: "waiting", exitCode: 1)
    }

    func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end, after a signal if there is one.
    func end(_ number: Int32? = SIGINT) -> Outcome {
        if let number { signal(number) }
        process.waitUntilExit()
        return Outcome(
            exitCode: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus, output: output, errors: errors)
    }
}

extension Outcome {
    /// The numbers of the line that counts packets: received, written, filtered, dropped, and of these by the kernel and by us.
    var counts: [Int] {
        let line = errors.split(separator: "\n").last { $0.contains(" received: ") } ?? ""
        return line.split { !$0.isNumber }.compactMap { Int($0) }
    }
}
