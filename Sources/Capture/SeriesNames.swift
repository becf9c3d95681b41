import Wire

/// The names of the files of a series: "name_00001_20260131235959.pcapng" of "name.pcapng".
struct SeriesNames {
    /// Numbers have five digits and begin again after the last.
    private static let numberLimit = 100_000

    private let stem: String
    private let suffix: String

    init(_ path: String) {
        let name = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        // A dot in front makes a hidden file, not a suffix.
        let dot = path[name...].lastIndex(of: ".").flatMap { $0 > name ? $0 : nil } ?? path.endIndex
        stem = String(path[..<dot])
        suffix = String(path[dot...])
    }

    /// - Parameter number: of the file in the series, from 1.
    func name(_ number: Int, _ time: Timestamp) -> String {
        let digits = String(number % Self.numberLimit)
        return "\(stem)_\(String(repeating: "0", count: 5 - digits.count))\(digits)_\(CaptureClock.digits(time))\(suffix)"
    }
}
