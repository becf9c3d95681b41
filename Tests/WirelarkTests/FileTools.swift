import Foundation
import Testing

/// The peers' commands for capture files.
enum FileTools {
    static let arePresent = ["capinfos", "editcap", "mergecap"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
    static let absence: Comment = "capinfos, editcap and mergecap (of Debian's wireshark-common) are not installed"

    /// What a peer prints.
    static func output(_ name: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(name)")
        process.arguments = arguments
        process.environment = ["TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": Captures.directory.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// A name for a file that a test writes.
    static func path(_ suffix: String = "pcapng") -> String { Captures.directory.appending(path: "\(UUID().uuidString).\(suffix)").path }

    /// Epoch time, captured and original length of each frame.
    static func frames(_ path: String) throws -> [String] {
        try Command.read(path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.cap_len", "-e", "frame.len").output.split(separator: "\n").map(String.init)
    }

    /// The same with the bytes: what two files have to agree on.
    static func contents(_ path: String) throws -> String { try frames(path).joined(separator: "\n") + Command.read(path, "-x").output }
}
