extension ArithmeticOperator {
    /// The results for each pair of values that goes together.
    func results(_ left: [TypedValue], _ right: [TypedValue], atMost limit: Int) -> [TypedValue] {
        var results: [TypedValue] = []
        for a in left {
            for b in right where results.count < limit {
                if let kind = resultKind(a.kind, b.kind), let result = result(kind, a, b) { results.append(result) }
            }
        }
        return results
    }

    /// nil where there is none: division by zero, or a number that does not fit.
    private func result(_ kind: ValueKind, _ a: TypedValue, _ b: TypedValue) -> TypedValue? {
        switch kind {
        case .absoluteTime, .relativeTime: time(kind, a, b)
        case .float: a.float.flatMap { x in b.float.flatMap { y in float(x, y).map { TypedValue(.float, .float($0)) } } }
        case _ where self == .and && kind.hasBytes: masked(kind, a, b)
        default: a.integer.flatMap { x in b.integer.flatMap { y in integer(x, y).flatMap { TypedValue($0) } } }
        }
    }

    private func integer(_ a: Int128, _ b: Int128) -> Int128? {
        switch self {
        case .and: a & b
        case .add: a + b
        case .subtract: a - b
        case .multiply: a.multipliedReportingOverflow(by: b).overflow ? nil : a * b
        case .divide: b == 0 ? nil : a / b
        case .remainder: b == 0 ? nil : a % b
        }
    }

    private func float(_ a: Double, _ b: Double) -> Double? {
        switch self {
        case .and: nil
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: b == 0 ? nil : a / b
        case .remainder: b == 0 ? nil : a.truncatingRemainder(dividingBy: b)
        }
    }

    private func time(_ kind: ValueKind, _ a: TypedValue, _ b: TypedValue) -> TypedValue? {
        let value: Int128?
        if let x = a.integer, let y = b.integer {
            value = integer(x, y)
        } else if let x = a.float, let y = b.float, let product = float(x, y), product.magnitude < 9e18 {
            value = Int128(product)
        } else {
            value = nil
        }
        return value.flatMap { Int64(exactly: $0) }.map { TypedValue(kind, .signed($0)) }
    }

    /// The bits that two runs of the same length have in common.
    private func masked(_ kind: ValueKind, _ a: TypedValue, _ b: TypedValue) -> TypedValue? {
        guard let x = a.bytes, let y = b.bytes, x.count == y.count else { return nil }
        let bytes = zip(x, y).map { $0 & $1 }
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch kind {
        case .ipv4: return TypedValue(kind, .masked(number, mask: 0xffff_ffff))
        case .ethernet, .eui64: return TypedValue(kind, .unsigned(number))
        default: return TypedValue(kind, .bytes(bytes))
        }
    }
}
