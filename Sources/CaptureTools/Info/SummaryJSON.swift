import CaptureFile
import Wire

extension CaptureSummary {
    /// The chosen facts as an object: numbers as they are, times in seconds.
    public func json(_ facts: SummaryFacts) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [("file", .string(name))]
        func add(_ fact: SummaryFacts, _ name: String, _ value: @autoclosure () -> JSONValue) {
            if facts.contains(fact) { members.append((name, value())) }
        }
        add(.type, "type", format.map { .string($0.name) } ?? .null)
        add(.type, "compression", .text(format?.compression?.rawValue))
        add(.encapsulation, "encapsulation", .string(encapsulation.name))
        add(.origin, "time_precision", .string(timePrecision.name))
        add(.snapLength, "snap_length", .number(snapLength))
        add(.snapLength, "inferred_snap_length", cutByteCounts.map { .array([JSONValue($0.lowerBound), JSONValue($0.upperBound)]) } ?? .null)
        add(.packetCount, "packets", JSONValue(packetCount))
        add(.fileSize, "file_bytes", .number(fileByteCount))
        add(.dataSize, "data_bytes", JSONValue(dataByteCount))
        add(.duration, "duration", duration.map { .seconds($0.timestamp) } ?? .null)
        add(.firstTime, "first_time", firstTime.map { .seconds($0.timestamp) } ?? .null)
        add(.lastTime, "last_time", lastTime.map { .seconds($0.timestamp) } ?? .null)
        add(.byteRate, "bytes_per_second", hasTimes ? .double(byteRate) : .null)
        add(.bitRate, "bits_per_second", hasTimes ? .double(bitRate) : .null)
        add(.averageSize, "average_packet_bytes", .double(averagePacketByteCount))
        add(.packetRate, "packets_per_second", hasTimes ? .double(packetRate) : .null)
        add(.hashes, "sha256", .text(hashes?.sha256))
        add(.hashes, "ripemd160", .text(hashes?.ripemd160))
        add(.hashes, "sha1", .text(hashes?.sha1))
        add(.order, "strict_time_order", order == .unknown ? .null : .bool(order == .increasing))
        if !facts.isDisjoint(with: [.origin, .comments, .interfaces]) { members.append(("sections", .array(sectionsJSON(facts)))) }
        add(.nameCounts, "resolved_ipv4_addresses", JSONValue(resolvedNameCount(addressByteCount: 4)))
        add(.nameCounts, "resolved_ipv6_addresses", JSONValue(resolvedNameCount(addressByteCount: 16)))
        add(.secretCount, "decryption_secrets", JSONValue(metadata.secrets.count))
        if let damage { members.append(("error", .string(damage.description))) }
        return .object(members)
    }

    private func sectionsJSON(_ facts: SummaryFacts) -> [JSONValue] {
        metadata.sections.enumerated().map { index, section in
            var members: [(name: String, value: JSONValue)] = []
            if facts.contains(.origin) {
                members += [("hardware", .text(section.hardware)), ("os", .text(section.operatingSystem)), ("application", .text(section.application))]
            }
            if facts.contains(.comments) { members.append(("comments", .array(section.comments.map { .string($0) }))) }
            if facts.contains(.interfaces) {
                let own = metadata.interfaces.indices.filter { metadata.interfaces[$0].sectionNumber == UInt32(index + 1) }
                members.append(("interfaces", .array(own.map(interfaceJSON))))
            }
            return .object(members)
        }
    }

    private func interfaceJSON(_ index: Int) -> JSONValue {
        let interface = metadata.interfaces[index]
        return .object([
            ("name", .text(interface.name)), ("description", .text(interface.description)),
            ("encapsulation", .string(Encapsulation(interface.linkType).name)), ("link_type", JSONValue(interface.linkType.rawValue)),
            ("hardware", .text(interface.hardware)), ("os", .text(interface.operatingSystem)), ("speed", .number(interface.bitsPerSecond)),
            ("snap_length", JSONValue(interface.snapLength)), ("fcs_length", .number(interface.frameCheckSequenceByteCount)),
            ("ticks_per_second", JSONValue(interface.ticksPerSecond)), ("time_offset", .number(interface.timeOffset)),
            ("filter", .text(interface.filter)), ("comments", .array(interface.comments.map { .string($0) })),
            ("packets", JSONValue(interfacePacketCounts[index])),
            ("statistics", .array(metadata.statistics.filter { $0.interfaceIndex == index }.map(\.json))),
        ])
    }
}

extension InterfaceStatistics {
    fileprivate var json: JSONValue {
        .object([
            ("time", timestamp.map { .seconds($0) } ?? .null), ("start", startTime.map { .seconds($0) } ?? .null),
            ("end", endTime.map { .seconds($0) } ?? .null), ("received", .number(receivedCount)), ("dropped", .number(droppedCount)),
            ("accepted_by_filter", .number(filterAcceptedCount)), ("dropped_by_system", .number(systemDroppedCount)),
            ("delivered", .number(deliveredCount)),
        ])
    }
}

extension JSONValue {
    fileprivate static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    fileprivate static func number(_ number: (some BinaryInteger)?) -> JSONValue { number.map { JSONValue($0) } ?? .null }
}
