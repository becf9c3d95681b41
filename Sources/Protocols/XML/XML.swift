import Dissection
import Wire

/// Extensible Markup Language (W3C, XML 1.0): tags with their attributes, and what stands between them. What is no XML is
/// shown as it is.
///
/// Not decoded: the names that document type definitions give to tags.
public final class XML: Dissector {
    private let proto: ProtocolID
    private let node, instruction, cdataSection, comment, attribute, doctype, declaration, text, tag, unknown: FieldID
    private let xmlInstruction: FieldID
    private let xmlAttributes: [(name: StaticString, field: FieldID)]
    private let unopenedTag, unrecognizedText: ExpertID

    /// Tokens of one document, at most: each makes an item or more, of which a frame has a million.
    private static let tokenLimit = 200_000
    /// Tags inside each other, at most: documents have a few dozen.
    private static let depthLimit = 400

    public init(registering r: inout Registrar) {
        proto = r.proto("xml", "eXtensible Markup Language", short: "XML")
        node = r.node(of: proto)
        instruction = r.field("xml.xmlpi", "XMLPI", .string)
        cdataSection = r.field("xml.cdatasection", "CDATASection", .string)
        comment = r.field("xml.comment", "Comment", .string)
        attribute = r.field("xml.attribute", "Attribute", .string)
        doctype = r.field("xml.doctype", "Doctype", .string)
        declaration = r.field("xml.dtdtag", "DTD Tag", .string)
        text = r.field("xml.cdata", "CDATA", .string)
        tag = r.field("xml.tag", "Tag", .string)
        unknown = r.field("xml.unknown", "Unknown", .string)
        xmlInstruction = r.field("xml.xmlpi.xml", "xml.xmlpi.xml", .string)
        xmlAttributes = [
            ("encoding", r.field("xml.xmlpi.xml.encoding", "encoding", .string)),
            ("version", r.field("xml.xmlpi.xml.version", "version", .string)),
            ("standalone", r.field("xml.xmlpi.xml.standalone", "standalone", .string)),
        ]
        unopenedTag = r.expert("xml.closing_unopened_tag", .malformed, .error, "Closing an unopened tag")
        unrecognizedText = r.expert("xml.unrecognized_text", .proto, .warning, "Unrecognized text")
        let dissector = r.dissector(self, proto)
        r.offer(dissector, in: "tcp.port")
        r.add(dissector, to: "media_type", texts: Self.mediaTypes)
        // RFC 7303, section 4.2. Few of these types are known here: their bytes have to look like XML.
        r.add(r.dissector(self, proto), to: "media_type", .suffix("+xml"), ifRecognized: true)
    }

    /// Media types of XML documents whose names do not end in +xml.
    private static let mediaTypes = [
        "text/xml", "application/xml", "application/xml-dtd", "application/smil", "application/vnd.wv.csp.xml", "application/x-wms-logconnectstats",
        "application/x-wms-logplaystats", "application/x-wms-sendevent", "text/vnd.wap.co", "text/vnd.wap.emn", "text/vnd.wap.si",
        "text/vnd.wap.sl", "text/vnd.wap.wml",
    ]

    public func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool {
        let bytes = reader.capturedBytes
        return bytes.hasPrefix("<", at: XMLSyntax.skipBlanks(bytes, from: bytes.hasPrefix("\u{feff}") ? 3 : 0))
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.require(1)
        if context.columns.accepts { context.columns.proto.append("/XML") }
        context.begin(node, reader)
        if context.wantsFields(of: proto) { addDocument(reader, &context) }
        context.close()
        reader.offset = reader.capturedEnd
        if reader.capturedEnd < reader.reportedEnd { throw reader.shortfall(reader.remaining, at: reader.offset) }
    }

    /// What is open while a document is read: the items of tags, and whether the innermost is a document type.
    private struct Nesting {
        var tags: [ItemRef] = []
        var isInDoctype = false
        var isEmpty: Bool { tags.isEmpty && !isInDoctype }
    }

    private func addDocument(_ reader: Reader, _ context: inout Context) {
        let bytes = reader.bytes[0..<reader.capturedEnd]
        var nesting = Nesting()
        var offset = XMLSyntax.skipBlanks(bytes, from: reader.offset)
        var tokenCount = 0
        while offset < bytes.count {
            tokenCount += 1
            guard tokenCount <= Self.tokenLimit, nesting.tags.count < Self.depthLimit else {
                context.expert(context.registry.core.limitExpert)
                break
            }
            if let (token, end) = XMLSyntax.token(bytes, at: offset, inDoctype: nesting.isInDoctype) {
                add(token, offset..<end, bytes, reader, &nesting, &context)
                offset = end
            } else {
                let end = XMLSyntax.nextBlank(bytes, from: offset)
                addRemark(unrecognizedText, "Unrecognized text", offset..<end, reader, &context)
                offset = end
            }
            offset = XMLSyntax.skipBlanks(bytes, from: offset)
        }
        for _ in nesting.tags { context.close() }
        if nesting.isInDoctype { context.close() }
    }

    private func add(_ token: XMLToken, _ range: Range<Int>, _ bytes: ByteView, _ reader: Reader, _ nesting: inout Nesting, _ context: inout Context) {
        switch token {
        case .comment: addText(comment, range, bytes, reader, &context)
        case .cdataSection: addText(cdataSection, range, bytes, reader, &context)
        case .declaration: addText(declaration, range, bytes, reader, &context)
        case .text: addText(nesting.isEmpty ? unknown : text, range, bytes, reader, &context)
        case .instruction(let nameEnd, let attributes): addInstruction(range, nameEnd, attributes, bytes, reader, &context)
        case .doctype(let name, let opens):
            context.label(add(doctype, name, value: name, bytes, reader, &context)) { $0.append(bytes[range]) }
            if opens, nesting.isEmpty {
                nesting.isInDoctype = true
                context.open()
            }
        case .doctypeEnd:
            addHeading(range, bytes, reader, &context)
            nesting.isInDoctype = false
            context.close()
        case .tag(let nameEnd, let attributes, let isEmpty):
            let item = addTag(range, nameEnd, attributes, isEmpty: isEmpty, bytes, reader, &context)
            guard !isEmpty else { return }
            nesting.tags.append(item)
            context.open()
        case .endTag:
            addHeading(range, bytes, reader, &context)
            guard let open = nesting.tags.popLast() else { return addRemark(unopenedTag, "Closing an unopened tag", range, reader, &context) }
            context.extend(open, to: range.upperBound)
            context.close()
        }
    }

    private func addTag(
        _ range: Range<Int>, _ nameEnd: Int, _ attributes: [XMLAttribute], isEmpty: Bool, _ bytes: ByteView, _ reader: Reader, _ context: inout Context
    ) -> ItemRef {
        let item = add(tag, range, value: range, bytes, reader, &context)
        var last = item
        context.label(item) { $0.append(bytes[range.lowerBound..<nameEnd]) }
        context.open()
        for part in attributes {
            last = add(attribute, part.whole, value: part.whole, bytes, reader, &context)
            context.label(last) { $0.append(bytes[part.whole]) }
        }
        context.close()
        context.appendLabel(last) { $0.append(isEmpty ? "/>" : ">") }
        return item
    }

    private func addInstruction(
        _ range: Range<Int>, _ nameEnd: Int, _ attributes: [XMLAttribute], _ bytes: ByteView, _ reader: Reader, _ context: inout Context
    ) {
        let isDeclaration = bytes[range.lowerBound + 2..<nameEnd].isEqual(to: "xml")
        let item = add(isDeclaration ? xmlInstruction : instruction, range, value: range, bytes, reader, &context)
        context.label(item) { $0.append(bytes[range.lowerBound..<nameEnd]) }
        context.open()
        for part in attributes {
            let known = isDeclaration ? xmlAttributes.first { bytes[part.name].isEqual(to: $0.name) } : nil
            let place = known == nil ? part.whole : part.value
            context.label(add(known?.field ?? attribute, place, value: place, bytes, reader, &context)) { $0.append(bytes[part.whole]) }
        }
        addHeading(range.upperBound - 2..<range.upperBound, bytes, reader, &context)
        context.close()
    }

    private func addText(_ field: FieldID, _ range: Range<Int>, _ bytes: ByteView, _ reader: Reader, _ context: inout Context) {
        context.label(add(field, range, value: range, bytes, reader, &context)) { $0.append(bytes[range]) }
    }

    private func add(
        _ field: FieldID, _ range: Range<Int>, value: Range<Int>, _ bytes: ByteView, _ reader: Reader, _ context: inout Context
    ) -> ItemRef {
        let text = bytes[value]
        let count = text.firstIndex(of: 0) ?? text.count
        let item = context.addRange(field, reader, range.lowerBound, range.count, valueAt: value.lowerBound, count)
        if (count..<text.count).contains(where: { text[$0] != 0 }) { context.expert(under: item, context.registry.core.strayCharacters) }
        return item
    }

    private func addHeading(_ range: Range<Int>, _ bytes: ByteView, _ reader: Reader, _ context: inout Context) {
        context.heading(reader, range.lowerBound, range.count) { $0.append(bytes[range]) }
    }

    private func addRemark(_ remark: ExpertID, _ title: StaticString, _ range: Range<Int>, _ reader: Reader, _ context: inout Context) {
        context.heading(reader, range.lowerBound, range.count) { $0.append(title) }
        context.open()
        context.expert(remark)
        context.close()
    }
}
