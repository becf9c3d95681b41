import Protocols
import TestSupport
import Testing

@Suite struct TCPTests {
    @Test func contract() throws { try Contract("tcp").run() }
}
