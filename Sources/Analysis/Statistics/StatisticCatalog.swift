/// A kind of statistic: its name, and how one is made.
public struct StatisticKind: Sendable {
    /// As `-z` has it, without arguments: `conv,tcp`.
    public let name: String
    public let make: @Sendable (StatisticRequest) throws(StatisticError) -> any Statistic

    public init(_ name: String, _ make: @escaping @Sendable (StatisticRequest) throws(StatisticError) -> any Statistic) {
        self.name = name
        self.make = make
    }
}

/// Every statistic there is, by name.
public enum StatisticCatalog {
    public static let kinds: [StatisticKind] =
        Conversations.kinds
        + Endpoints.kinds
        + AddressTree.kinds
        + EchoTimes.kinds
        + FlowGraph.kinds
        + [PacketLengths.kind, HTTPPackets.kind, HTTPRequests.kind, HTTPServers.kind, DNSTree.kind]
        + [ProtocolHierarchy.kind, ExpertSummary.kind, Intervals.kind]

    /// The statistic that an argument of `-z` asks for; nil if there is none of that name.
    public static func statistic(_ argument: String, _ settings: StatisticSettings) throws(StatisticError) -> (any Statistic)? {
        let matching = kinds.filter { argument == $0.name || argument.hasPrefix($0.name + ",") }
        guard let kind = matching.max(by: { $0.name.count < $1.name.count }) else { return nil }
        let arguments = String(argument.dropFirst(kind.name.count + 1))
        return try kind.make(StatisticRequest(name: kind.name, arguments: arguments, settings: settings))
    }
}
