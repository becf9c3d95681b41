import CPcap
import Wire

/// libpcap's functions know some types by other numbers than files do, as systems once disagreed (pcap-linktype(7)).
extension LinkType {
    private static let differing: [(inFiles: UInt32, inCalls: Int32)] = [
        (100, DLT_ATM_RFC1483), (101, DLT_RAW), (102, DLT_SLIP_BSDOS), (103, DLT_PPP_BSDOS), (106, DLT_ATM_CLIP),
    ]

    /// The number that libpcap's functions take.
    var captureNumber: Int32? {
        Self.differing.first { $0.inFiles == rawValue }?.inCalls ?? Int32(exactly: rawValue)
    }

    /// The type that libpcap's functions call `captureNumber`.
    init(captureNumber: Int32) {
        let number = Self.differing.first { $0.inCalls == captureNumber }?.inFiles
        self.init(rawValue: number ?? UInt32(bitPattern: captureNumber))
    }
}
