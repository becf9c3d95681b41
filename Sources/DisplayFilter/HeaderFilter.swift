import Dissection
import Wire

/// What a display filter says of frames of which no more than some headers are known: enough to refuse many without dissecting them.
public struct HeaderFilter: Sendable {
    /// A value of up to 128 bits: IPv6 addresses in both halves, other values in the low one.
    public struct Value: Sendable {
        public var high: UInt64
        public var low: UInt64

        @inlinable
        public init(high: UInt64 = 0, low: UInt64) {
            self.high = high
            self.low = low
        }
    }

    /// What is known of a field in a frame.
    public enum Known: Sendable {
        case unknown
        /// The frame has the field not at all, once or twice, with these values.
        case none
        case one(Value)
        case two(Value, Value)
    }

    fileprivate struct Test {
        enum Question {
            case presence
            case comparison(Relation.Comparison, Value)
            case range(Value, Value)
            /// Of the frame's bytes.
            case contains([UInt8])
        }

        var slot: Int
        var question: Question
        var mask = Value(high: .max, low: .max)
    }

    /// One step of a filter that is worked out on a stack of outcomes, of each of which it may be unknown what it is.
    private enum Step {
        case unknown
        /// Some of `tests`.
        case leaf(Range<Int>, Relation.Quantifier)
        case not, and, or, xor
    }

    /// Outcomes on the stack, at most: a bit each.
    private static let depthLimit = 64

    private var steps: [Step] = []
    private var tests: [Test] = []

    /// The slots of the fields that are asked for.
    public var slots: Set<Int> { Set(tests.map(\.slot)) }

    /// nil where the known fields decide nothing.
    /// - Parameter slot: the number by which `Known` is asked for; nil for a field of which nothing is ever known.
    public init?(_ filter: DisplayFilter, slot: (FieldInfo) -> Int?) {
        guard let checked = filter.checked, compile(checked, depth: 1, slot) else { return nil }
    }

    // MARK: Compiling

    /// Appends the steps of a filter, and says whether they may come to an outcome.
    private mutating func compile(_ filter: CheckedFilter, depth: Int, _ slot: (FieldInfo) -> Int?) -> Bool {
        let (firstStep, firstTest) = (steps.count, tests.count)
        let isKnown: Bool
        switch filter {
        case .test(let leaf): isKnown = compile(leaf, slot)
        case .not(let inner): isKnown = compile(inner, depth: depth, slot)
        case .and(let left, let right), .or(let left, let right):
            let isLeftKnown = compile(left, depth: depth, slot)
            isKnown = compile(right, depth: depth + 1, slot) || isLeftKnown
        case .xor(let left, let right):
            let isLeftKnown = compile(left, depth: depth, slot)
            isKnown = compile(right, depth: depth + 1, slot) && isLeftKnown
        }
        guard isKnown, depth <= Self.depthLimit else {
            steps.removeSubrange(firstStep...)
            tests.removeSubrange(firstTest...)
            steps.append(.unknown)
            return false
        }
        switch filter {
        case .test: break
        case .not: steps.append(.not)
        case .and: steps.append(.and)
        case .or: steps.append(.or)
        case .xor: steps.append(.xor)
        }
        return true
    }

    private mutating func compile(_ leaf: CheckedFilter.Leaf, _ slot: (FieldInfo) -> Int?) -> Bool {
        guard case .items(let questions, let quantifier) = leaf else { return false }
        let begin = tests.count
        for question in questions {
            guard let test = Self.test(question, slot) else { return false }
            tests.append(test)
        }
        steps.append(.leaf(begin..<tests.count, quantifier))
        return true
    }

    private static func test(_ question: ItemQuestion, _ slot: (FieldInfo) -> Int?) -> Test? {
        guard let slot = slot(question.field) else { return nil }
        switch question.question {
        case .presence: return Test(slot: slot, question: .presence)
        case .comparison(let comparison, let constant):
            return known(constant).map { Test(slot: slot, question: .comparison(comparison, $0.value), mask: $0.mask) }
        case .range(let low, let high):
            guard let low = known(low), let high = known(high) else { return nil }
            return Test(slot: slot, question: .range(low.value, high.value), mask: low.mask)
        case .contains(let bytes) where question.field.abbreviation == "frame": return Test(slot: slot, question: .contains(bytes))
        case .contains, .matches: return nil
        }
    }

    private static func known(_ constant: Constant) -> (value: Value, mask: Value)? {
        switch constant {
        case .unsigned(let number): (Value(low: number), Value(low: .max))
        case .masked(let number, let mask): (Value(low: number & mask), Value(low: mask))
        case .bytes(let bytes) where bytes.count == 16: (Value(bytes), Value(high: .max, low: .max))
        case .prefix(let bytes, let bitCount):
            {
                let mask = Value(high: leadingOnes(min(bitCount, 64)), low: leadingOnes(max(0, bitCount - 64)))
                let value = Value(bytes)
                return (Value(high: value.high & mask.high, low: value.low & mask.low), mask)
            }()
        case .signed, .float, .bytes: nil
        }
    }

    private static func leadingOnes(_ count: Int) -> UInt64 { count == 0 ? 0 : .max << UInt64(64 - count) }

    // MARK: Running

    /// Whether the filter refuses the frame whatever else is in it.
    /// - Parameter known: what is known of the field with a slot.
    public func refuses(_ bytes: ByteView, _ known: (Int) -> Known) -> Bool {
        // A bit for each outcome, the last one lowest: whether it is known, and whether it holds. What is not known does not hold.
        var (isKnown, holds): (UInt64, UInt64) = (0, 0)
        for step in steps {
            switch step {
            case .unknown:
                isKnown <<= 1
                holds <<= 1
            case .leaf(let range, let quantifier):
                let outcome = outcome(range, quantifier, bytes, known)
                isKnown = isKnown << 1 | (outcome == nil ? 0 : 1)
                holds = holds << 1 | (outcome == true ? 1 : 0)
            case .not: holds ^= isKnown & 1
            case .and, .or, .xor:
                let (right, left) = ((known: isKnown & 1, holds: holds & 1), (known: isKnown >> 1 & 1, holds: holds >> 1 & 1))
                let both: (known: UInt64, holds: UInt64)
                switch step {
                case .and:
                    // One that is known to fail decides.
                    both = (right.known & left.known | right.known & ~right.holds | left.known & ~left.holds, right.holds & left.holds)
                case .or: both = (right.known & left.known | right.holds | left.holds, right.holds | left.holds)
                default: both = (right.known & left.known, right.known & left.known & (right.holds ^ left.holds))
                }
                isKnown = (isKnown >> 2) << 1 | both.known & 1
                holds = (holds >> 2) << 1 | both.holds
            }
        }
        return isKnown & 1 == 1 && holds & 1 == 0
    }

    /// nil where it cannot be known.
    private func outcome(_ range: Range<Int>, _ quantifier: Relation.Quantifier, _ bytes: ByteView, _ known: (Int) -> Known) -> Bool? {
        var outcome: FilterProgram.Outcome = []
        for index in range {
            switch known(tests[index].slot) {
            case .unknown: return nil
            case .none: break
            case .one(let value): outcome.formUnion(tests[index].outcome(value, bytes))
            case .two(let first, let second): outcome.formUnion(tests[index].outcome(first, bytes).union(tests[index].outcome(second, bytes)))
            }
        }
        return outcome.holds(quantifier)
    }
}

extension HeaderFilter.Test {
    fileprivate func outcome(_ value: HeaderFilter.Value, _ bytes: ByteView) -> FilterProgram.Outcome {
        let masked = HeaderFilter.Value(high: value.high & mask.high, low: value.low & mask.low)
        let holds = switch question {
        case .presence: true
        case .comparison(let comparison, let constant): comparison.holds(masked.order(to: constant))
        case .range(let low, let high): masked.order(to: low) != .less && masked.order(to: high) != .greater
        case .contains(let part): part.withUnsafeBytes { bytes.contains(ByteView($0)) }
        }
        return holds ? .holds : .fails
    }
}

extension HeaderFilter.Value {
    fileprivate init(_ bytes: [UInt8]) {
        func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8).prefix(8)))
    }

    fileprivate func order(to other: HeaderFilter.Value) -> Order {
        if high != other.high { return high < other.high ? .less : .greater }
        return low == other.low ? .equal : low < other.low ? .less : .greater
    }
}
