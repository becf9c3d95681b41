@testable import Analysis
import TestSupport
import Testing

@Suite struct FrameAdmissionTests {
    @Test func numbersAndPositions() {
        var random = SeededRandom(for: "admitted frames")
        for share in [0, 1, 2, 64] {
            var admission = FrameAdmission()
            var positions: [Int] = []
            for position in 0..<500 {
                let passes = share == 0 || position < 100 && share == 64 || random.oneIn(max(2, share))
                admission.note(passes: passes)
                if passes { positions.append(position) }
            }
            #expect(admission.readCount == 500 && admission.passedCount == positions.count)
            #expect((0..<500).filter(admission.admits) == positions && !admission.admits(500))
            for (index, position) in positions.enumerated() { #expect(admission.position(of: UInt32(index + 1)) == position) }
            #expect(admission.position(of: 0) == nil && admission.position(of: UInt32(positions.count + 1)) == nil)
        }
    }
}
