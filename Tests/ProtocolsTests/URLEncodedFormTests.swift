import TestSupport
import Testing

@Suite struct URLEncodedFormTests {
    @Test func contract() throws { try Contract("urlencoded-form").run() }
}
