import TestSupport
import Testing

@Suite struct FrameTests {
    @Test func contract() throws { try Contract("frame", lengthDependent: ["frame.md5_hash"]).run() }
}
