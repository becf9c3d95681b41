import Dissection
import Protocols
import TestSupport
import Testing

extension WebSocketHeader: HeaderValue {}

@Suite struct WebSocketTests {
    @Test func contract() throws { try Contract("websocket").run() }

    /// Lengths of each size, with and without a masking key.
    @Test(arguments: [
        [0x81, 0x05], [0x82, 0x85, 1, 2, 3, 4], [0x01, 126, 0x01, 0x00], [0x80, 254, 0xff, 0xff, 9, 8, 7, 6],
        [0xc1, 127, 0, 0, 0, 1, 0, 0, 0, 0], [0x81, 255, 0x80, 0, 0, 0, 0, 0, 0, 1, 5, 6, 7, 8],
    ] as [[UInt8]])
    func header(bytes: [UInt8]) throws { try expectRoundTrip(WebSocketHeader.self, bytes) }
}
