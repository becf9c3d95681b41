import Streams
import TestSupport
import Testing
import Wire

/// A datagram in fragments as a capture may have them.
private struct FragmentSchedule {
    enum Ingredient: String, CaseIterable { case loss, duplicate, overlap, conflict, reorder }

    struct Fragment {
        let position: Int
        let bytes: [UInt8]
        let hasMore: Bool
        var range: Range<Int> { position..<position + bytes.count }
    }

    let byteCount: Int
    var fragments: [Fragment]
}

extension FragmentSchedule {
    /// The unit of fragment offsets.
    private static let unit = 8
    private static let unitLimit = 40

    init(_ random: inout SeededRandom) {
        let datagram = random.bytes(Self.unit * (1 + random.below(Self.unitLimit)) - random.below(Self.unit))
        self.init(byteCount: datagram.count, fragments: [])
        var end = 0
        while end < byteCount {
            let begin = end
            end = min(byteCount, begin + Self.unit * (1 + random.below(8)))
            add(begin..<end, of: datagram)
        }
        if random.oneIn(2) { fragments.insert(fragments[random.below(fragments.count)], at: random.below(fragments.count + 1)) }
        if random.oneIn(2) { addOverlap(datagram, &random) }
        if random.oneIn(2) { fragments.shuffle(using: &random) }
        if random.oneIn(4) { fragments.remove(at: random.below(fragments.count)) }
    }

    private mutating func add(_ range: Range<Int>, of datagram: [UInt8], at index: Int? = nil) {
        fragments.insert(Fragment(position: range.lowerBound, bytes: Array(datagram[range]), hasMore: range.upperBound < byteCount), at: index ?? fragments.count)
    }

    /// Bytes that other fragments have; half of the time other ones.
    private mutating func addOverlap(_ datagram: [UInt8], _ random: inout SeededRandom) {
        let begin = Self.unit * random.below((byteCount + Self.unit - 1) / Self.unit)
        let end = min(byteCount, begin + Self.unit * (1 + random.below(12)))
        add(begin..<end, of: random.oneIn(2) ? datagram : random.bytes(byteCount), at: random.below(fragments.count + 1))
    }

    var ingredients: Set<Ingredient> {
        var found: Set<Ingredient> = []
        for (index, fragment) in fragments.enumerated() {
            for earlier in fragments[..<index] {
                if earlier.position > fragment.position { found.insert(.reorder) }
                guard earlier.range.overlaps(fragment.range) else { continue }
                found.insert(earlier.range == fragment.range ? .duplicate : .overlap)
                let shared = earlier.range.clamped(to: fragment.range)
                if shared.contains(where: { earlier.bytes[$0 - earlier.position] != fragment.bytes[$0 - fragment.position] }) { found.insert(.conflict) }
            }
        }
        if wholeCount == nil { found.insert(.loss) }
        return found
    }

    /// After how many fragments every byte has come.
    var wholeCount: Int? {
        var isSeen = [Bool](repeating: false, count: byteCount)
        for (index, fragment) in fragments.enumerated() {
            for offset in fragment.range { isSeen[offset] = true }
            if !isSeen.contains(false) { return index + 1 }
        }
        return nil
    }

    /// The datagram of the first `count` fragments: of what several give, the one that begins first counts, then the one that came first.
    func datagram(of count: Int) -> [UInt8] {
        var bytes = [UInt8?](repeating: nil, count: byteCount)
        let ordered = fragments[..<count].enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
        for (_, fragment) in ordered {
            for offset in fragment.range where bytes[offset] == nil { bytes[offset] = fragment.bytes[offset - fragment.position] }
        }
        return bytes.compactMap { $0 }
    }
}

@Suite struct DefragmenterTests {
    private static func key(_ identification: Int) -> Defragmenter.Key {
        Defragmenter.Key(source: .ipv4(1), destination: .ipv4(2), identification: UInt32(identification), protocolNumber: 17)
    }

    private static func time(_ seconds: Int64) -> Timestamp { Timestamp(totalNanoseconds: seconds * 1_000_000_000) }

    /// What the fragment makes complete.
    private func add(
        _ fragment: FragmentSchedule.Fragment, of identification: Int, frame: Int, at seconds: Int64 = 0, to defragmenter: inout Defragmenter
    ) -> Assembly? {
        fragment.bytes.withUnsafeBytes { bytes in
            defragmenter.add(
                Self.key(identification), frame: UInt32(frame), frameOffset: 34, position: UInt32(fragment.position), hasMore: fragment.hasMore,
                bytes: ByteView(bytes), time: Self.time(seconds))
        }
    }

    @Test func datagramsComeOutWhole() {
        var random = SeededRandom(for: "defragmentation")
        var occurrences = Occurrences<FragmentSchedule.Ingredient>()
        let count = Effort.randomCases(20_000, thorough: 1_000_000)
        var defragmenter = Defragmenter(byteLimit: 1 << 20)
        for number in stride(from: 0, to: count, by: 2) {
            // Two at a time, mixed.
            let schedules = [FragmentSchedule(&random), FragmentSchedule(&random)]
            for schedule in schedules { occurrences.note(schedule.ingredients) }
            let wholeCounts = schedules.map(\.wholeCount)
            let counts = zip(wholeCounts, schedules).map { $0 ?? $1.fragments.count }
            var taken = [0, 0]
            while let choice = [0, 1].filter({ taken[$0] < counts[$0] }).randomElement(using: &random) {
                let schedule = schedules[choice]
                let result = add(schedule.fragments[taken[choice]], of: number + choice, frame: taken[choice], to: &defragmenter)
                taken[choice] += 1
                guard let problem = problem(result, schedule, taken[choice], isWhole: taken[choice] == wholeCounts[choice]) else { continue }
                Issue.record("seed \(random.seed), datagram \(number + choice), fragment \(taken[choice]) of \(schedule.fragments): \(problem)")
                return
            }
        }
        print("\(count) datagrams: \(occurrences.text)")
        #expect(occurrences.fewest >= 1000)
    }

    private func problem(_ result: Assembly?, _ schedule: FragmentSchedule, _ count: Int, isWhole: Bool) -> String? {
        guard let assembly = result else { return isWhole ? "not complete" : nil }
        if !isWhole { return "complete too soon" }
        if assembly.bytes != schedule.datagram(of: count) { return "\(assembly.bytes), not \(schedule.datagram(of: count))" }
        let places = assembly.pieces.map { Int($0.position) }
        if places != places.sorted() || Set(assembly.pieces.map(\.frame)) != Set(0..<UInt32(count)) { return "pieces \(assembly.pieces)" }
        for piece in assembly.pieces {
            let fragment = schedule.fragments[Int(piece.frame)]
            if Int(piece.position) != fragment.position || Int(piece.byteCount) != fragment.bytes.count { return "piece \(piece)" }
        }
        let seen = FragmentSchedule(byteCount: schedule.byteCount, fragments: Array(schedule.fragments[..<count])).ingredients
        if assembly.flags.contains(.conflict) != seen.contains(.conflict) { return "conflict" }
        if assembly.flags.contains(.overlap) == seen.isDisjoint(with: [.overlap, .duplicate]) { return "overlap" }
        return nil
    }

    /// `count` fragments that make no datagram whole, each of `byteCount` bytes.
    private func addParts(_ count: Int, byteCount: Int, of identification: Int, at seconds: Int64 = 0, to defragmenter: inout Defragmenter) {
        for index in (1...count).reversed() {
            let part = FragmentSchedule.Fragment(position: index * 8, bytes: [UInt8](repeating: 0, count: byteCount), hasMore: true)
            #expect(add(part, of: identification, frame: 1, at: seconds, to: &defragmenter) == nil)
        }
    }

    /// Whether a datagram in two parts comes out, the second of them at `seconds`.
    private func isWhole(_ identification: Int, byteCount: Int, at seconds: Int64 = 0, _ defragmenter: inout Defragmenter) -> Bool {
        let bytes = [UInt8](repeating: 1, count: byteCount)
        let first = FragmentSchedule.Fragment(position: 0, bytes: bytes, hasMore: true)
        let last = FragmentSchedule.Fragment(position: byteCount, bytes: bytes, hasMore: false)
        guard add(first, of: identification, frame: 1, to: &defragmenter) == nil else { return false }
        return add(last, of: identification, frame: 2, at: seconds, to: &defragmenter)?.byteCount == 2 * byteCount
    }

    @Test func whatWaitsTooLongIsGivenUp() {
        var defragmenter = Defragmenter(byteLimit: 1 << 20)
        #expect(isWhole(1, byteCount: 8, at: 300, &defragmenter))
        #expect(!isWhole(2, byteCount: 8, at: 301, &defragmenter))
        #expect(defragmenter.evictedCount == 1)
    }

    @Test func theOldestIsGivenUpForSpace() {
        var defragmenter = Defragmenter(byteLimit: 2850)
        // What was whole and waits again is as old as its new parts.
        #expect(isWhole(1, byteCount: 8, &defragmenter))
        addParts(1, byteCount: 400, of: 2, at: 1, to: &defragmenter)
        addParts(1, byteCount: 400, of: 1, at: 2, to: &defragmenter)
        addParts(1, byteCount: 400, of: 3, at: 3, to: &defragmenter)
        #expect(isWhole(4, byteCount: 8, at: 3, &defragmenter))
        #expect(defragmenter.evictedCount == 1)
        let rest = FragmentSchedule.Fragment(position: 0, bytes: [UInt8](repeating: 0, count: 8), hasMore: true)
        let last = FragmentSchedule.Fragment(position: 408, bytes: [], hasMore: false)
        for (identification, isThere) in [(1, true), (2, false), (3, true)] {
            _ = add(rest, of: identification, frame: 3, at: 3, to: &defragmenter)
            #expect((add(last, of: identification, frame: 4, at: 3, to: &defragmenter) != nil) == isThere, "datagram \(identification)")
        }
    }

    /// However many datagrams come to be whole behind one that waits.
    @Test func theOldestKeepsItsPlace() {
        var defragmenter = Defragmenter(byteLimit: 1 << 20)
        addParts(1, byteCount: 400, of: 0, to: &defragmenter)
        for identification in 1..<5000 { #expect(isWhole(identification, byteCount: 8, at: 1, &defragmenter)) }
        let (count, evictedCount) = (defragmenter.count, defragmenter.evictedCount)
        #expect(count == 1 && evictedCount == 0)
        #expect(isWhole(5000, byteCount: 8, at: 300, &defragmenter))
        addParts(1, byteCount: 8, of: 5001, at: 301, to: &defragmenter)
        #expect(defragmenter.count == 1 && defragmenter.evictedCount == 1)
    }

    /// More fragments than a datagram has take no room once they are given up.
    @Test func tooManyFragmentsAreGivenUp() {
        var defragmenter = Defragmenter(byteLimit: 2_000_000)
        addParts(8193, byteCount: 8, of: 1, to: &defragmenter)
        #expect(defragmenter.evictedCount == 1)
        #expect(isWhole(2, byteCount: 40_000, &defragmenter))
        #expect(defragmenter.evictedCount == 1)
    }
}
