import Dissection
import DisplayFilter
import Wire

/// Counts something over the frames of a run: what `-z` asks for. One file each; `StatisticCatalog` knows them by name.
///
/// State grows with what is counted (conversations, nodes of a tree), and is complete unless it is held to a limit.
public protocol Statistic: AnyObject {
    /// What the statistic reads of each frame: no more is dissected for it.
    var wants: PlanWants { get }
    /// The display filter that every frame passes of which the statistic takes anything; nil for all frames.
    var requirement: String? { get }
    /// Takes the frame at hand; frames come in order.
    func take(_ context: borrowing Context)
    /// What was found so far.
    func report() -> any StatisticReport
    /// Holds what is remembered, and the report on it, to about so many bytes: what was met the longest ago is forgotten beyond them.
    func limit(byteCount: Int)
    /// How many entries were forgotten; 0 where the report is complete.
    var forgottenCount: Int { get }
}

extension Statistic {
    public var requirement: String? { nil }
}

/// A statistic that several can count together, each the frames of some conversations.
protocol MergeableStatistic: Statistic {
    /// The same statistic, which has counted nothing.
    func another() -> Self
    /// Takes over what another one counted of the same run.
    func merge(_ other: Self)
}

extension MergeableStatistic {
    func mergeIfAlike(_ other: any Statistic) {
        if let other = other as? Self { merge(other) }
    }
}

/// What a statistic found, to be written.
public protocol StatisticReport {
    /// Appends the report in tshark's layout.
    func write(_ out: inout TextBuffer)
    /// The members of the report's JSON object.
    var members: [(name: String, value: JSONValue)] { get }
}

/// A statistic as it is asked for.
public struct StatisticRequest {
    /// `conv,tcp`
    public let name: String
    /// What follows the name and its comma; empty for nothing.
    public let arguments: String
    public let settings: StatisticSettings

    public var registry: Registry { settings.registry }

    /// The display filter that a part of the arguments is; nil for an empty one.
    public func filter(_ text: some StringProtocol) throws(StatisticError) -> DisplayFilter? {
        guard !text.isEmpty else { return nil }
        do {
            return try settings.makeFilter(String(text))
        } catch {
            throw StatisticError("The filter \"\(text)\" of \"-z \(name)\" isn't valid: \(error)")
        }
    }

    /// The numbers of fields by name.
    /// A name that is not registered stands for no field.
    public func fields(_ names: String...) -> Set<FieldID> {
        names.reduce(into: []) { $0.formUnion(registry.fields(named: $1).map(\.id)) }
    }
}

/// What all statistics of a run are given.
public struct StatisticSettings {
    public let registry: Registry
    public let resolution: NameResolution
    /// The capture as the user named it.
    public let captureName: String
    public let timeStyle: StatisticTimeStyle
    /// How local time stands to UTC at a moment, in seconds to the east.
    public let secondsEast: @Sendable (Int64) -> Int
    let makeFilter: (String) throws(FilterError) -> DisplayFilter

    public init(
        registry: Registry, resolution: NameResolution, captureName: String, timeStyle: StatisticTimeStyle,
        secondsEast: @escaping @Sendable (Int64) -> Int, makeFilter: @escaping (String) throws(FilterError) -> DisplayFilter
    ) {
        self.registry = registry
        self.resolution = resolution
        self.captureName = captureName
        self.timeStyle = timeStyle
        self.secondsEast = secondsEast
        self.makeFilter = makeFilter
    }
}

/// How moments are shown, as `-t` asks.
public enum StatisticTimeStyle: Sendable {
    case relative, epoch
    case time(isLocal: Bool)
    case date(isLocal: Bool)
    case dayOfYear(isLocal: Bool)
}

/// Why a statistic was refused: one sentence for the user.
public struct StatisticError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
