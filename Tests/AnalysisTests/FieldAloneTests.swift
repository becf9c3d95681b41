import Analysis
import CaptureFile
import Dissection
import Foundation
import TestSupport
import Testing

/// A field that alone is wanted is found wherever the whole dissection has it, in one pass and in two.
@Suite struct FieldAloneTests {
    private static let capture = PackageRoot.url.appending(path: "Fixtures/captures/http.pcap").path

    @Test(arguments: [1, 2]) func eachFieldIsFound(passes: Int) throws {
        let bed = try TestBed()
        let whole = try frames(bed, bed.plan, passes)
        #expect(whole.count > 200)
        // Nodes of text alone have no name, and cannot be asked for.
        for (field, expected) in whole where !bed.registry[field].abbreviation.isEmpty {
            let alone = try frames(bed, Plan(bed.registry, PlanWants(fields: [field])), passes)
            #expect(alone[field] == expected, "\(bed.registry[field].abbreviation)")
        }
    }

    /// The numbers of the frames in which each field occurs.
    private func frames(_ bed: TestBed, _ plan: Plan, _ passes: Int) throws -> [FieldID: Set<UInt32>] {
        if passes == 1 {
            var session = try Session(bed.registry, reader: CaptureReader(path: Self.capture), plan: plan, resolution: NameResolution())
            return try frames(&session)
        }
        let pass = try FirstPass(bed.registry, reader: CaptureReader(path: Self.capture), resolution: NameResolution())
        var session = try pass.session(reader: CaptureReader(path: Self.capture), plan: plan)
        return try frames(&session)
    }

    private func frames(_ session: inout Session) throws -> [FieldID: Set<UInt32>] {
        var found: [FieldID: Set<UInt32>] = [:]
        while try session.next() {
            let number = session.context.frame.number
            for index in 0..<session.context.dissected.itemCount { found[session.context.dissected.item(index).field, default: []].insert(number) }
            session.noteDisplayed()
        }
        return found
    }
}
