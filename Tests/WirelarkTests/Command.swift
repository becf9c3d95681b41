import Foundation
import Testing

/// A run of the built executable.
struct Outcome {
    var exitCode: Int32
    var output: String
    var errors: String
}

enum Command {
    /// The executable lies next to the tests.
    static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("wirelark")

    static func run(
        _ arguments: [String], input: Data? = nil, output: FileHandle? = nil, timeZone: String = "UTC", executable: URL = Self.executable,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["TZ": timeZone]) { $1 }.merging(environment) { $1 }
        let errors = Pipe()
        let outputPipe = Pipe()
        process.standardError = errors
        process.standardOutput = output ?? outputPipe
        let inputPipe = Pipe()
        process.standardInput = input == nil ? FileHandle.nullDevice : inputPipe
        try process.run()
        if let input {
            try inputPipe.fileHandleForWriting.write(contentsOf: input)
            try inputPipe.fileHandleForWriting.close()
        }
        if output == nil { try outputPipe.fileHandleForWriting.close() }
        try errors.fileHandleForWriting.close()
        let text = output == nil ? try outputPipe.fileHandleForReading.readToEnd() ?? Data() : Data()
        let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            exitCode: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: String(decoding: text, as: UTF8.self), errors: String(decoding: complaint, as: UTF8.self))
    }

    static func read(_ arguments: String..., input: Data? = nil, timeZone: String = "UTC") throws -> Outcome {
        try run(["read"] + arguments, input: input, timeZone: timeZone)
    }
}

/// Small captures that the tests write.
enum Captures {
    static let directory: URL = {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("wirelark-tests-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        // However the tests end, nothing stays.
        atexit { try? FileManager.default.removeItem(at: Captures.directory) }
        return url
    }()

    /// Three frames: two datagrams and one of an experimental EtherType, from 2019-04-22 15:23:18.5 UTC on, a second apart.
    static let three = capture([
        datagram(1000, 2000, Array("hello \u{1B}[31m".utf8)), datagram(53000, 53001, Array(0...255)), ethernet(0x88b5, Array("abc".utf8)),
    ])

    static func write(_ name: String, _ data: Data) throws -> String {
        let url = directory.appendingPathComponent(name)
        try data.write(to: url)
        return url.path
    }

    static func capture(_ frames: [[UInt8]]) -> Data {
        var data = Data()
        func append(_ values: UInt32...) { for value in values { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } } }
        append(0xa1b2_c3d4, 0x0004_0002, 0, 0, 65535, 1)
        for (index, frame) in frames.enumerated() {
            append(1_555_946_598 + UInt32(index), 500_000, UInt32(frame.count), UInt32(frame.count))
            data.append(contentsOf: frame)
        }
        return data
    }

    static func ethernet(_ type: UInt16, _ payload: [UInt8]) -> [UInt8] {
        [0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, UInt8(type >> 8), UInt8(type & 0xff)] + payload
    }

    static func datagram(_ source: UInt16, _ destination: UInt16, _ payload: [UInt8]) -> [UInt8] {
        func pair(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }
        let header: [UInt8] = [0x45, 0] + pair(28 + payload.count) + [0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        return ethernet(0x0800, header + pair(Int(source)) + pair(Int(destination)) + pair(8 + payload.count) + [0, 0] + payload)
    }
}
