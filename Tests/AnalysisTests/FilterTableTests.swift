import Analysis
import CaptureFile
import Dissection
import DisplayFilter
import Foundation
import TestSupport
import Testing

/// Filters over a capture of ours: what each selects, alone and beside Wireshark.
@Suite struct FilterTableTests {
    struct Row: CustomStringConvertible {
        enum Kind: String { case same, newer, error }

        let kind: Kind
        let frames: Set<UInt32>
        let filter: String
        var description: String { filter }
    }

    private static let capture = PackageRoot.url.appending(path: "Fixtures/captures/http.pcap").path
    private static let rows: [Row] = {
        let text = (try? PackageRoot.text("Tests/AnalysisTests/filters.txt")) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let parts = line.split(separator: "\t", maxSplits: 2)
            guard parts.count == 3, let kind = Row.Kind(rawValue: String(parts[0])) else { return nil }
            return Row(kind: kind, frames: frames(String(parts[1])), filter: String(parts[2]))
        }
    }()

    /// `1-3,5`
    private static func frames(_ text: String) -> Set<UInt32> {
        text.split(separator: ",").reduce(into: []) { set, part in
            let ends = part.split(separator: "-").compactMap { UInt32($0) }
            if let first = ends.first, let last = ends.last { set.formUnion(first...last) }
        }
    }

    @Test func tableIsLong() { #expect(Self.rows.count > 400) }

    @Test func eachSelectsItsFrames() throws {
        let bed = try TestBed()
        for row in Self.rows {
            do {
                let filter = try DisplayFilter(row.filter, registry: bed.registry)
                let selected = try self.selected(filter, bed.registry, screened: false)
                #expect(row.kind != .error, "\(row) is taken")
                #expect(selected == row.frames, "\(row)")
                #expect(try self.selected(filter, bed.registry, screened: true) == row.frames, "\(row), with headers looked at first")
            } catch is FilterError {
                #expect(row.kind == .error, "\(row) is refused")
            }
        }
    }

    private func selected(_ filter: DisplayFilter, _ registry: Registry, screened: Bool) throws -> Set<UInt32> {
        let plan = Plan(registry, filter.wants)
        var session = try Session(registry, reader: CaptureReader(path: Self.capture), plan: plan, resolution: NameResolution())
        if screened { session.screen(by: filter) }
        var frames: Set<UInt32> = []
        while try session.next() { if filter.matches(session.context.dissected) { frames.insert(session.context.frame.number) } }
        return frames
    }

    @Test(.enabled(if: Sharkd.isInstalled, "sharkd is not installed")) func wiresharkSelectsTheSame() throws {
        let bed = try TestBed()
        // The server has read the capture to its end: what points forward is known to it.
        let known = Self.rows.filter { row in
            let fields = (try? DisplayFilter(row.filter, registry: bed.registry))?.fields ?? []
            return row.kind != .newer && !fields.contains { bed.registry[$0].needs.contains(.laterFrames) }
        }
        let answers = try Sharkd.frames(of: Self.capture, known.map(\.filter))
        #expect(answers.count == known.count)
        for (row, answer) in zip(known, answers) {
            #expect(answer == (row.kind == .error ? nil : row.frames), "\(row)")
        }
    }
}

/// Wireshark's server, where it is installed: many filters over one capture in one run.
private enum Sharkd {
    private static let path = ["/usr/bin/sharkd", "/usr/local/bin/sharkd", "/opt/homebrew/bin/sharkd"].first { FileManager.default.isExecutableFile(atPath: $0) }

    static var isInstalled: Bool { path != nil }

    /// The frames that each filter selects; nil for one that is refused.
    static func frames(of capture: String, _ filters: [String]) throws -> [Set<UInt32>?] {
        guard let path else { return [] }
        let folder = FileManager.default.temporaryDirectory.appending(path: "wirelark-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let requests = try [request(1, "load", ["file": capture])] + filters.enumerated().map { try request($0.offset + 2, "frames", ["filter": $0.element]) }
        let input = folder.appending(path: "requests")
        try Data(requests.joined(separator: "\n").appending("\n").utf8).write(to: input)
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = ["-"]
        process.environment = ["WIRESHARK_CONFIG_DIR": folder.path, "HOME": folder.path, "TZ": "UTC"]
        process.standardInput = try FileHandle(forReadingFrom: input)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return data.split(separator: 10).dropFirst().map { line in
            let answer = try? JSONSerialization.jsonObject(with: line) as? [String: Any]
            return (answer?["result"] as? [[String: Any]]).map { Set($0.compactMap { ($0["num"] as? Int).map(UInt32.init) }) }
        }
    }

    private static func request(_ id: Int, _ method: String, _ parameters: [String: String]) throws -> String {
        // The server reads the members in this order alone.
        let parameters = String(decoding: try JSONSerialization.data(withJSONObject: parameters, options: .withoutEscapingSlashes), as: UTF8.self)
        return "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"\(method)\",\"params\":\(parameters)}"
    }
}
