import TestSupport
import Testing

@Suite struct MultipartTests {
    @Test func contract() throws { try Contract("mime_multipart").run() }
}
