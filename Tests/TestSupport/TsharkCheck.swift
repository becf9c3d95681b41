import Dissection
import Foundation
import Presentation
import Testing
import Wire

/// A fixture as tshark dissects it: in every frame the same fields with the same values at the same places, but for what is
/// listed as different.
struct TsharkCheck {
    let bed: TestBed
    let fixture: Fixture

    private static let tool = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map { $0 + "/tshark" }.first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    func run() throws -> String? {
        guard let tool = Self.tool else {
            print("\(fixture.name): not compared with tshark, which is not installed")
            return nil
        }
        let differences = try KnownDifferences(of: fixture.name)
        let theirs = PDMLScanner.packets(try runTshark(tool))
        let ours = PDMLScanner.packets(pdml())
        var findings = Findings()
        var used: Set<String> = []
        if theirs.count != ours.count { findings.add("\(ours.count) frames, tshark \(theirs.count)") }
        for (index, (our, their)) in zip(ours, theirs).enumerated() {
            for (sign, field) in Self.difference(our, their) {
                if let entry = differences.entry(for: field.name) {
                    used.insert(entry)
                } else {
                    findings.add("frame \(index + 1) \(sign) \(field)")
                }
            }
        }
        for name in Set(differences.own.keys).subtracting(used) { findings.add("\(name) is listed as different, and is the same") }
        return findings.report("\(fixture.name): + ours, - tshark's (name, value, place)")
    }

    /// What only one of two packets has, as many times as it has it more.
    private static func difference(_ ours: [PDMLField], _ theirs: [PDMLField]) -> [(sign: String, field: PDMLField)] {
        var counts: [PDMLField: Int] = [:]
        for field in ours { counts[field, default: 0] += 1 }
        for field in theirs { counts[field, default: 0] -= 1 }
        let order = { (a: (key: PDMLField, value: Int), b: (key: PDMLField, value: Int)) in "\(a.key)" < "\(b.key)" }
        return counts.filter { $0.value != 0 }.sorted(by: order).map { ($0.value > 0 ? "+" : "-", $0.key) }
    }

    private func pdml() -> String {
        var out = TextBuffer()
        var printer = PDMLPrinter(bed.formats, captureFile: fixture.name)
        bed.dissect(fixture.frames) { printer.print($0, &out) }
        return out.string
    }

    private func runTshark(_ tool: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wirelark-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let capture = folder.appending(path: "fixture")
        try Data(fixture.captureBytes).write(to: capture)
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = ["-n", "-r", capture.path, "-T", "pdml", "-o", "tcp.reassemble_out_of_order:TRUE"]
            + fixture.preferences.flatMap { ["-o", "\($0.name):\($0.value)"] } + fixture.decodeAs.flatMap { ["-d", $0] }
        // No settings of the user's, and the time zone that our printers are given here.
        process.environment = ["WIRESHARK_CONFIG_DIR": folder.path, "HOME": folder.path, "TZ": "UTC", "LC_ALL": "C.UTF-8"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
