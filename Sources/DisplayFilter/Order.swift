import Wire

/// How one value stands to another.
enum Order {
    case less, equal, greater

    /// nil where the values cannot be ordered: one is not a number.
    @inline(__always)
    init?<Value: Comparable>(_ a: Value, _ b: Value) {
        if a < b { self = .less } else if a == b { self = .equal } else if a > b { self = .greater } else { return nil }
    }

    /// Byte by byte, and a part before the whole; with a bit count only the first bits of each.
    init?(_ a: [UInt8], _ b: [UInt8], bitCount: Int?) {
        let order = a.withUnsafeBytes { a in b.withUnsafeBytes { b in Order(ByteView(a), ByteView(b), bitCount: bitCount) } }
        guard let order else { return nil }
        self = order
    }

    /// Byte by byte, and a part before the whole; with a bit count only the first bits of each.
    init?(_ a: ByteView, _ b: ByteView, bitCount: Int?) {
        let common = min(a.count, b.count)
        if let bitCount {
            guard common * 8 >= bitCount else { return nil }
            var index = 0
            while index * 8 < bitCount {
                let rest = bitCount - index * 8
                let mask: UInt8 = rest >= 8 ? 0xff : ~(0xff >> UInt8(rest))
                if a[index] & mask != b[index] & mask { self.init(a[index] & mask, b[index] & mask); return }
                index += 1
            }
            self = .equal
            return
        }
        var index = 0
        while index < common {
            if a[index] != b[index] { self.init(a[index], b[index]); return }
            index += 1
        }
        self.init(a.count, b.count)
    }
}

extension Relation.Comparison {
    func holds(_ order: Order?) -> Bool {
        switch self {
        case .equal: order == .equal
        case .notEqual: order != .equal
        case .greater: order == .greater
        case .less: order == .less
        case .greaterOrEqual: order == .greater || order == .equal
        case .lessOrEqual: order == .less || order == .equal
        }
    }
}
