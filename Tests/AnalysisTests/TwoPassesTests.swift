import Analysis
import CaptureFile
import Dissection
import DisplayFilter
import Foundation
import TestSupport
import Testing

/// Captures of the wild in one pass, and in the second of two in order and shuffled: the same trees.
@Suite(.enabled(if: SharedCaptures.isPresent, SharedCaptures.absence))
struct TwoPassesTests {
    /// What keeps the test to some seconds: bytes of a file, and frames of each.
    private static let fileByteLimit = 200_000
    private static let frameLimit: UInt32 = 300

    private let bed: TestBed

    init() throws { bed = try TestBed() }

    private static let paths = try? SharedCaptures.paths(listedIn: "captures/first.txt").filter { path in
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        return size.map { $0 < fileByteLimit } ?? false
    }

    @Test func framesAreTheSameInAnyOrder() throws {
        var random = SeededRandom(for: "frames in any order")
        var frameCount = 0
        let paths = try #require(Self.paths)
        for path in paths {
            let pass = try FirstPass(bed.registry, reader: CaptureReader(path: path), resolution: NameResolution(), limit: Self.frameLimit)
            let ordered = try inOrder(pass, path)
            let shuffled = try shuffled(pass, path, &random)
            expectSame(ordered, shuffled, "\(path), shuffled with seed \(random.seed)")
            frameCount += ordered.count
        }
        print("\(paths.count) captures, \(frameCount) frames")
        #expect(frameCount > 1000)
    }

    /// What a read filter leaves has numbers of its own, and is the same in any order.
    @Test func readFiltersKeepTheOrder() throws {
        var random = SeededRandom(for: "filtered frames in any order")
        let filter = try DisplayFilter("tcp.len > 0 or udp", registry: bed.registry)
        var (frameCount, leftCount) = (0, 0)
        for path in try #require(Self.paths) {
            let pass = try FirstPass(bed.registry, reader: CaptureReader(path: path), resolution: NameResolution(), limit: Self.frameLimit, readFilter: filter)
            let whole = try FirstPass(bed.registry, reader: CaptureReader(path: path), resolution: NameResolution(), limit: Self.frameLimit)
            let ordered = try inOrder(pass, path)
            expectSame(ordered, try shuffled(pass, path, &random), "\(path), filtered, shuffled with seed \(random.seed)")
            #expect(ordered.count == Int(pass.index.frameCount))
            frameCount += ordered.count
            leftCount += Int(whole.index.frameCount) - ordered.count
        }
        #expect(frameCount > 1000 && leftCount > 100)
    }

    /// What points forward is left out.
    @Test func onePassShowsWhatTwoDo() throws {
        for path in try #require(Self.paths) {
            let pass = try FirstPass(bed.registry, reader: CaptureReader(path: path), resolution: NameResolution(), limit: Self.frameLimit)
            var session = try Session(bed.registry, reader: CaptureReader(path: path), plan: bed.plan, resolution: NameResolution())
            let single = try texts(&session, pass.index.frameCount, without: .laterFrames)
            expectSame(single, try inOrder(pass, path, without: .laterFrames), "\(path), second pass")
        }
    }

    private func expectSame(_ first: [String], _ second: [String], _ title: String) {
        #expect(first.count == second.count, "\(title)")
        for (index, pair) in zip(first, second).enumerated() where pair.0 != pair.1 {
            Issue.record("\(title), frame \(index + 1):\n\(lineDifference(from: pair.0, to: pair.1))")
            return
        }
    }

    /// The trees of the second pass, one frame after the other.
    private func inOrder(_ pass: FirstPass, _ path: String, without left: FieldNeeds = []) throws -> [String] {
        var session = try pass.session(reader: CaptureReader(path: path), plan: bed.plan)
        return try texts(&session, pass.index.frameCount, without: left)
    }

    private func texts(_ session: inout Session, _ count: UInt32, without left: FieldNeeds) throws -> [String] {
        var texts: [String] = []
        while texts.count < count, try session.next() {
            texts.append(bed.text(of: session.context.dissected, without: left))
            session.noteDisplayed()
        }
        return texts
    }

    private func shuffled(_ pass: FirstPass, _ path: String, _ random: inout SeededRandom) throws -> [String] {
        var session = try pass.session(reader: CaptureReader(path: path), plan: bed.plan)
        var texts = [String](repeating: "", count: Int(pass.index.frameCount))
        for index in texts.indices.shuffled(using: &random) where session.dissect(frame: UInt32(index + 1), of: pass) {
            texts[index] = bed.text(of: session.context.dissected)
        }
        return texts
    }
}
