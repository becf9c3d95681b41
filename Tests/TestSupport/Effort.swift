import Foundation

/// How much the checks that try many variants do: what fits about a second a fixture, or with WIRELARK_THOROUGH=1 all.
public enum Effort {
    private static let isThorough = ProcessInfo.processInfo.environment["WIRELARK_THOROUGH"] == "1"
    /// Frames dissected by one check of one fixture, at most.
    private static let dissectionLimit = 2500

    /// Every one of `range`, or as many as fit, evenly spread, if each takes `cost` dissections.
    static func spread(_ range: Range<Int>, cost: Int) -> StrideTo<Int> {
        let wanted = range.count * max(cost, 1)
        var step = isThorough ? 1 : max(1, (wanted + dissectionLimit - 1) / dissectionLimit)
        // An odd step meets every bit position of a byte.
        if step > 1, step.isMultiple(of: 2) { step += 1 }
        return stride(from: range.lowerBound, to: range.upperBound, by: step)
    }

    /// Random cases that one test tries.
    public static func randomCases(_ count: Int, thorough: Int) -> Int { isThorough ? thorough : count }
}

/// Problems of one check: the first few are reported, the others counted.
struct Findings {
    private static let shownLimit = 8
    private var shown: [String] = []
    private var count = 0

    mutating func add(_ text: @autoclosure () -> String) {
        count += 1
        if count <= Self.shownLimit { shown.append(text()) }
    }

    /// Nothing, or the problems as one text under a title.
    func report(_ title: String) -> String? {
        if count == 0 { return nil }
        let rest = count > shown.count ? ["… and \(count - shown.count) more"] : []
        return ([title] + shown + rest).joined(separator: "\n  ")
    }
}
