import Foundation
import Testing

/// The capture that Scripts/run shows, as a user sees it.
@Suite struct SampleCaptureTests {
    static let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/captures/http.pcap").path

    @Test func showsEveryProtocol() throws {
        let outcome = try Command.read("-n", Self.sample)
        #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 46)
        for part in ["ARP 42 Who has 10.9.0.1?", "DNS 95 Standard query", "Echo (ping) reply", "GET /larks.json HTTP/1.1", "HTTP/JSON"] {
            #expect(lines.contains { $0.contains(part) }, "\(part)")
        }
    }

    /// -l prints frame by frame on one thread; without it several print the frames in batches.
    @Test(arguments: [[], ["-V"], ["-x"], ["-T", "json"], ["-T", "pdml"], ["-T", "fields", "-e", "ip.src", "-e", "http.request.uri"]])
    func batchesAndSingleFramesAreTheSame(options: [String]) throws {
        let batched = try Command.run(["read", "-n", Self.sample] + options)
        let single = try Command.run(["read", "-n", "-l", Self.sample] + options)
        #expect(!batched.output.isEmpty && batched.output == single.output)
    }

    /// A protocol's node has the protocol's name for a value, unless it says more.
    @Test func nodesAreFields() throws {
        let values = { (name: String) in
            try Set(Command.run(["read", "-n", Self.sample, "-Y", name, "-T", "fields", "-e", name]).output.split(separator: "\n"))
        }
        #expect(try values("http") == ["http"])
        #expect(try values("dns") == ["Domain Name System (query)", "Domain Name System (response)"])
    }

    @Test func stateIsSaidOnRequest() throws {
        let outcome = try Command.read("-n", "--state", Self.sample)
        #expect(outcome.exitCode == 0)
        let words = outcome.errors.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(words.contains { $0.starts(with: ["TCP", "conversations", "3"]) }, "\(outcome.errors)")
        #expect(words.contains { $0.starts(with: ["DNS", "transactions", "2"]) })
        #expect(words.last?.first == "most")
    }
}
