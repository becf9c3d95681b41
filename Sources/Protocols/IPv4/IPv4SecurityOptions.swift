import Dissection
import Wire

/// What the security options of IPv4 hold: basic as RFC 791, section 3.1, or RFC 1108, section 2, has it; extended (RFC 1108,
/// section 3); commercial (FIPS 188, and the draft "Commercial IP Security Option" of 1992).
struct IPv4SecurityOptions: Sendable {
    private let level, compartments, restrictions, controlCode: FieldID
    private let classification, authorities, moreAuthorities, unassigned, unassignedLater: FieldID
    private let authorityFlags: [FieldID]
    private let formatCode, information: FieldID
    private let domain, tagType, sensitivity, categories, tagData: FieldID
    private let badLength, malformedTag: ExpertID

    init(badLength: ExpertID, registering r: inout Registrar) {
        self.badLength = badLength
        level = r.field("ip.opt.sec_rfc791_sec", "Security", .uint16, .hex, strings: Self.levels)
        compartments = r.field("ip.opt.sec_rfc791_comp", "Compartments", .uint16, .decimal)
        restrictions = r.field("ip.opt.sec_rfc791_hr", "Handling Restrictions", .string)
        controlCode = r.field("ip.opt.sec_rfc791_tcc", "Transmission Control Code", .string)
        classification = r.field("ip.opt.sec_cl", "Classification Level", .uint8, .hex, strings: Self.classifications)
        authorities = r.field("ip.opt.sec_prot_auth_flags", "Protection Authority Flags", .uint8, .hex)
        let isProtected: StaticString = "Datagram protected in accordance with its rules"
        let isNotProtected: StaticString = "Datagram not protected in accordance with its rules"
        authorityFlags = Self.authorityNames.map { mask, name, suffix in
            r.flag("ip.opt.sec_prot_auth_" + suffix, "\(name)", wordBits: 8, mask: mask, isProtected, isNotProtected)
        }
        unassigned = r.field("ip.opt.sec_prot_auth_unassigned", "Unassigned", .uint8, .hex, mask: 0x06)
        unassignedLater = r.field("ip.opt.sec_prot_auth_unassigned", "Unassigned", .uint8, .hex, mask: 0xfe)
        moreAuthorities = r.flag(
            "ip.opt.sec_prot_auth_fti", "Field Termination Indicator", wordBits: 8, mask: 0x01, "Additional octet present", "Final octet")
        formatCode = r.field("ip.opt.ext_sec_add_sec_info_format_code", "Additional Security Info Format Code", .uint8, .hex)
        information = r.field("ip.opt.ext_sec_add_sec_info", "Additional Security Info", .bytes)
        domain = r.field("ip.cipso.doi", "DOI", .uint32, .decimal)
        tagType = r.field("ip.cipso.tag_type", "Tag Type", .uint8, .decimal, strings: Self.tagTypes)
        sensitivity = r.field("ip.cipso.sensitivity_level", "Sensitivity Level", .uint8, .decimal)
        categories = r.field("ip.cipso.categories", "Categories", .string)
        tagData = r.field("ip.cipso.tag_data", "Tag data", .bytes)
        malformedTag = r.expert("ip.cipso.malformed", .sequence, .error, "Malformed CIPSO tag")
    }

    // MARK: RFC 791 and RFC 1108

    func addBasic(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        // Both forms may have eleven bytes; the older one has one of sixteen levels.
        if reader.remaining == 9, let value = reader.peek16(2), Self.levels.name(of: UInt64(value)) != nil {
            try context.uint16(level, &reader)
            try context.uint16(compartments, &reader)
            try addText(restrictions, byteCount: 2, &reader, &context)
            return try addText(controlCode, byteCount: 3, &reader, &context)
        }
        try context.uint8(classification, &reader)
        guard reader.remaining > 0 else { return }
        var octet = try reader.uint8()
        addAuthorities(octet, isFirst: true, reader, &context)
        while octet & 1 != 0 {
            guard reader.remaining > 0 else {
                return context.expert(badLength) { $0.append("Field Termination Indicator set to 1 for last byte of option") }
            }
            octet = try reader.uint8()
            addAuthorities(octet, isFirst: false, reader, &context)
        }
        if reader.remaining > 0 { context.expert(badLength) { $0.append("Extraneous data in option") } }
    }

    /// Adds a text in a field of fixed size: it ends with the first zero byte.
    private func addText(_ field: FieldID, byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let offset = reader.offset
        try reader.skip(byteCount)
        let end = (offset..<reader.offset).first { reader.bytes[$0] == 0 } ?? reader.offset
        context.addRange(field, reader, offset, byteCount, valueAt: offset, end - offset, flags: .ascii)
    }

    private func addAuthorities(_ octet: UInt8, isFirst: Bool, _ reader: Reader, _ context: inout Context) {
        let offset = reader.offset - 1
        let word = UInt64(octet)
        context.appendLabel(context.add(authorities, reader, offset, 1, value: word)) {
            for (mask, name, _) in Self.authorityNames where isFirst && word & mask != 0 {
                $0.append(", ")
                $0.append(name)
            }
            if word & 1 != 0 { $0.append(", Field Termination Indicator") }
        }
        context.open()
        if isFirst {
            for flag in authorityFlags { context.bits(flag, reader, offset, 1, word: word) }
        }
        context.bits(isFirst ? unassigned : unassignedLater, reader, offset, 1, word: word)
        context.bits(moreAuthorities, reader, offset, 1, word: word)
        context.close()
    }

    func addExtended(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(formatCode, &reader)
        if reader.remaining > 0 { context.add(information, reader, reader.offset, reader.remaining) }
    }

    // MARK: Commercial

    func addCommercial(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint32(domain, &reader)
        while reader.remaining > 0 {
            let tag = reader.rest
            let type = try reader.uint8()
            let item = context.add(tagType, tag, tag.start, 1, value: UInt64(type))
            if type == TagType.padding { continue }
            guard Self.tagTypes.name(of: UInt64(type)) != nil else { return try addUnknownTag(type, item, &reader, &context) }
            let least = type == TagType.freeForm ? 2 : 4
            // A length of one byte too many is let through: its contents then run out.
            guard let byteCount = tag.peek(1).map(Int.init), (least...34).contains(byteCount), byteCount <= tag.remaining + 1 else {
                return context.expert(under: item, malformedTag)
            }
            try addTag(type, byteCount, &reader, &context)
        }
    }

    private func addUnknownTag(_ type: UInt8, _ item: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let byteCount = try reader.uint8()
        context.label(item) {
            $0.append("Tag Type: Unknown (")
            $0.append(decimal: type)
            $0.append(") (")
            $0.append(decimal: byteCount)
            $0.append(" bytes)")
        }
    }

    /// Adds what a tag holds behind its type; lists of numbers end before an odd byte.
    private func addTag(_ type: UInt8, _ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.skip(1)
        if type == TagType.freeForm || type == TagType.permissive {
            let offset = reader.offset
            try reader.skip(byteCount - 2)
            context.add(tagData, reader, offset, byteCount - 2)
            return
        }
        try reader.skip(1)
        try context.uint8(sensitivity, &reader)
        guard byteCount > 4 else { return }
        let listOffset = reader.offset
        try reader.skip(type == TagType.bitmap ? byteCount - 4 : (byteCount - 4) & ~1)
        let list = reader.bytes[listOffset..<reader.offset]
        // Without the odd byte the item reaches back into what is before the list.
        _ = context.addText(categories, reader, reader.offset - (byteCount - 4), byteCount - 4) { Self.appendCategories(type, list, &$0) }
    }

    /// Writes the categories: `0,3,15` or, of ranges from high to low, `9-2,1-0`.
    private static func appendCategories(_ type: UInt8, _ list: ByteView, _ text: inout TextBuffer) {
        var separator: StaticString = ""
        func append(_ number: Int, _ text: inout TextBuffer) {
            text.append(separator)
            text.append(decimal: number)
        }
        if type == TagType.bitmap {
            for bit in 0..<list.count * 8 where list[bit / 8] & 0x80 >> (bit % 8) != 0 {
                append(bit, &text)
                separator = ","
            }
            return
        }
        for index in 0..<list.count / 2 {
            append(Int(list.uint16(index * 2)), &text)
            separator = type == TagType.ranges && index % 2 == 0 ? "-" : ","
        }
        // The low end of the last range may be left out where it is 0.
        if type == TagType.ranges, list.count % 4 != 0 { append(0, &text) }
    }

    // MARK: Tables

    private enum TagType {
        static let padding: UInt8 = 0
        static let bitmap: UInt8 = 1
        static let ranges: UInt8 = 5
        static let permissive: UInt8 = 6
        static let freeForm: UInt8 = 7
    }

    private static let levels = ValueStrings([
        (0x0000, "Unclassified"), (0xf135, "Confidential"), (0x789a, "EFTO"), (0xbc4d, "MMMM"), (0x5e26, "PROG"), (0xaf13, "Restricted"),
        (0xd788, "Secret"), (0x6bc5, "Top secret"), (0x35e2, "Reserved"), (0x9af1, "Reserved"), (0x4d78, "Reserved"), (0x24bd, "Reserved"),
        (0x135e, "Reserved"), (0x89af, "Reserved"), (0xc4d6, "Reserved"), (0xe26b, "Reserved"),
    ])

    private static let classifications = ValueStrings([
        (0x01, "Reserved 4"), (0x3d, "Top secret"), (0x5a, "Secret"), (0x96, "Confidential"), (0x66, "Reserved 3"), (0xcc, "Reserved 2"),
        (0xab, "Unclassified"), (0xf1, "Reserved 1"),
    ])

    private static let authorityNames: [(UInt64, StaticString, String)] = [
        (0x80, "GENSER", "genser"), (0x40, "SIOP-ESI", "siop_esi"), (0x20, "SCI", "sci"), (0x10, "NSA", "nsa"), (0x08, "DOE", "doe"),
    ]

    private static let tagTypes = ValueStrings([
        (0, "Padding"), (1, "Restrictive Category Bitmap"), (2, "Enumerated Categories"), (5, "Ranged Categories"),
        (6, "Permissive Categories"), (7, "Free Form"),
    ])
}
