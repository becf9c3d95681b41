import Analysis
import Wire

extension FollowTarget.Selector {
    /// A conversation's number, or its two ends: `10.0.0.1:5000,10.0.0.2:80`, `[fe80::1]:5000,[fe80::2]:80`. Nil for anything else.
    init?(_ text: Substring) {
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            guard let number = UInt32(text) else { return nil }
            self = .stream(number)
            return
        }
        let ends = text.split(separator: ",", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = FollowEndpoint(ends[0]), let second = FollowEndpoint(ends[1]) else { return nil }
        guard first.address.kind == second.address.kind else { return nil }
        self = .endpoints(first, second)
    }
}

extension FollowEndpoint {
    /// `10.0.0.1:80` or `[fe80::1]:80`.
    init?(_ text: Substring) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard let address = isBracketed ? Address(ipv6: host.dropFirst().dropLast()) : Address(ipv4: host) else { return nil }
        self.init(address: address, port: UInt32(port))
    }
}

extension ClosedRange<Int> {
    /// Numbers of chunks, from 1: `3`, or `3-5`.
    init?(chunks text: Substring) {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count <= 2, let first = bounds.first.flatMap({ UInt32($0) }), let last = bounds.last.flatMap({ UInt32($0) }) else { return nil }
        guard first >= 1, first <= last else { return nil }
        self = Int(first)...Int(last)
    }
}
