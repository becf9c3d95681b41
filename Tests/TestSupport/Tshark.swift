import Foundation

/// Wireshark's command, where it is installed.
public enum Tshark {
    private static let path = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map { $0 + "/tshark" }.first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    public static var isInstalled: Bool { path != nil }

    /// What tshark prints of a fixture, with the fixture's own preferences; nothing where it is not installed.
    public static func output(of fixture: Fixture, _ arguments: [String]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wirelark-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let capture = folder.appending(path: "fixture")
        try Data(fixture.captureBytes).write(to: capture)
        return try output(
            of: capture.path, arguments + fixture.preferences.flatMap { ["-o", "\($0.name):\($0.value)"] } + fixture.decodeAs.flatMap { ["-d", $0] },
            folder)
    }

    /// What tshark prints of a capture; nothing where it is not installed.
    public static func output(of capture: String, _ arguments: [String], _ folder: URL = FileManager.default.temporaryDirectory) throws -> String {
        guard let path else { return "" }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = ["-n", "-r", capture] + arguments
        // No settings of the user's, and the time zone that our printers are given here.
        process.environment = ["WIRESHARK_CONFIG_DIR": folder.path, "HOME": folder.path, "TZ": "UTC", "LC_ALL": "C.UTF-8"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
