import Protocols
import TestSupport
import Testing

@Suite struct EthernetTests {
    @Test func contract() throws { try Contract("eth").run() }
}
