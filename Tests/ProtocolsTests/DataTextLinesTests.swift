import TestSupport
import Testing

@Suite struct DataTextLinesTests {
    @Test func contract() throws { try Contract("data-text-lines").run() }
}
