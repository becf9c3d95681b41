import Dissection
import Wire

/// The fields that a checksum over the Internet's ones' complement sum has: the value, the value that would be right, and
/// the status.
struct ChecksumFields: Sendable {
    private let value, calculated, status: FieldID
    private let bad, zero: ExpertID
    /// What is behind a wrong checksum, as a rule.
    private let hint: StaticString

    /// - Parameters:
    ///   - name: `udp.checksum`
    ///   - bad: the name of the expert item.
    ///   - hint: follows a wrong checksum in its label.
    init(_ name: String, title: String = "Checksum", bad badName: String, hint: StaticString = "", _ r: inout Registrar) {
        self.hint = hint
        value = r.field(name, title, .uint16, .hex, note: " [unverified]")
        calculated = r.field(name + "_calculated", "Calculated Checksum", .uint16, .hex)
        status = r.field(name + ".status", title + (title == "Checksum" ? " Status" : " status"), .uint8, strings: ChecksumStatus.strings)
        bad = r.expert(badName, .checksum, .error, "Bad checksum")
        zero = r.expert(name + ".zero", .checksum, .error, "Illegal checksum value (0)")
    }

    /// A checksum that was not looked into.
    func addUnverified(_ sum: UInt16, _ reader: Reader, _ offset: Int, _ context: inout Context) {
        context.add(value, reader, offset, 2, value: UInt64(sum), flags: .noted)
        context.generated(status, reader, offset, value: ChecksumStatus.unverified.rawValue)
    }

    /// A checksum of zero where that says that there is none.
    func addAbsent(_ reader: Reader, _ offset: Int, isIllegal: Bool, _ context: inout Context) {
        let item = context.add(value, reader, offset, 2, value: 0)
        context.appendLabel(item) { $0.append(isIllegal ? " [zero-value illegal]" : " [zero-value ignored]") }
        context.open()
        if isIllegal { context.expert(zero) }
        context.generated(status, reader, offset, 2, value: (isIllegal ? ChecksumStatus.illegal : .notPresent).rawValue)
        context.close()
    }

    /// A checksum that was computed.
    /// - Parameters:
    ///   - computed: the sum over all bytes, the checksum among them.
    ///   - isFlat: whether the right checksum stands beside the value and not under it.
    func addVerified(
        _ sum: UInt16, _ computed: InternetChecksum, isFlat: Bool = false, _ reader: Reader, _ offset: Int, _ context: inout Context
    ) {
        let isGood = computed.isGood
        let item = context.add(value, reader, offset, 2, value: UInt64(sum))
        var without = computed
        without.add(UInt32(~sum))
        let right = isGood ? sum : without.value
        context.appendLabel(item) {
            $0.append(isGood ? " [correct]" : " incorrect, should be 0x")
            if isGood { return }
            $0.append(hex: UInt64(right), width: 4)
            $0.append(hint)
        }
        context.open()
        if !isGood {
            context.expert(bad) {
                $0.append("Bad checksum [should be 0x")
                $0.append(hex: UInt64(right), width: 4)
                $0.append("]")
            }
        }
        if !isFlat { context.generated(calculated, reader, offset, 2, value: UInt64(right)) }
        context.close()
        context.generated(status, reader, offset, value: (isGood ? ChecksumStatus.good : .bad).rawValue)
        if isFlat { context.generated(calculated, reader, offset, 2, value: UInt64(right)) }
    }
}

extension InternetChecksum {
    /// Whether bytes that hold their own checksum add up as they should.
    var isGood: Bool { folded == 0xffff || folded == 0 }
}

/// A checksum that is verified wherever all its bytes are there: the value and the status.
struct VerifiedChecksum: Sendable {
    private let value, status: FieldID
    private let bad: ExpertID
    private let badText: StaticString

    /// - Parameters:
    ///   - name: `icmp.checksum`
    ///   - badName: the name of the expert item for a wrong one, `badText` what it says.
    init(
        _ name: String, bad badName: String, group: ExpertGroup = .checksum, severity: ExpertSeverity = .warning,
        badText: StaticString = "Bad checksum", _ r: inout Registrar
    ) {
        self.badText = badText
        value = r.field(name, "Checksum", .uint16, .hex)
        status = r.field(name + ".status", "Checksum Status", .uint8, strings: ChecksumStatus.strings)
        bad = r.expert(badName, group, severity, badText)
    }

    /// A checksum that was computed.
    /// - Parameter computed: the sum over all bytes, the checksum among them.
    func add(_ stored: UInt16, _ computed: InternetChecksum, _ reader: Reader, _ offset: Int, _ context: inout Context) {
        let isGood = computed.folded == 0xffff || computed.folded == 0
        var without = computed
        without.add(UInt32(~stored))
        let right = without.value
        let item = context.add(value, reader, offset, 2, value: UInt64(stored))
        context.appendLabel(item) {
            $0.append(isGood ? " [correct]" : " incorrect, should be 0x")
            if !isGood { $0.append(hex: UInt64(right), width: 4) }
        }
        if !isGood {
            context.open()
            context.expert(bad) {
                $0.append(badText)
                $0.append(" [should be 0x")
                $0.append(hex: UInt64(right), width: 4)
                $0.append("]")
            }
            context.close()
        }
        context.generated(status, reader, offset, value: (isGood ? ChecksumStatus.good : .bad).rawValue)
    }

    /// A checksum that cannot be verified, for the reason given.
    func addUnverified(_ stored: UInt16, _ reason: StaticString, _ reader: Reader, _ offset: Int, _ context: inout Context) {
        context.appendLabel(context.add(value, reader, offset, 2, value: UInt64(stored))) {
            $0.append(" [unverified]")
            $0.append(reason)
        }
        context.generated(status, reader, offset, value: ChecksumStatus.unverified.rawValue)
    }

    /// A checksum of zero where that says that there is none.
    func addMissing(_ reader: Reader, _ offset: Int, _ context: inout Context) {
        context.valueLabel(context.generated(value, reader, offset, 2, value: 0)) { $0.append("[missing]") }
        context.generated(status, reader, offset, 2, value: ChecksumStatus.notPresent.rawValue)
    }
}

extension InternetChecksum {
    /// The pseudo-header of IPv4 (RFC 793, section 3.1) or IPv6 (RFC 8200, section 8.1).
    mutating func addPseudoHeader(_ packet: PacketInfo, protocolNumber: UInt32, byteCount: UInt32) {
        for address in [packet.source, packet.destination] {
            add(UInt32(truncatingIfNeeded: address.high >> 32))
            add(UInt32(truncatingIfNeeded: address.high))
            add(UInt32(truncatingIfNeeded: address.low >> 32))
            add(UInt32(truncatingIfNeeded: address.low))
        }
        add(protocolNumber)
        add(byteCount)
    }
}
