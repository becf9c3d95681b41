import Dissection
import Presentation
import TestSupport
import Wire

/// What Wirelark shows of one certificate, for comparison with other readers.
struct ShownCertificate {
    var encoded: [UInt8] = []
    var serialNumber: [UInt8] = []
    var issuer: [Attribute] = []
    var subject: [Attribute] = []
    /// Seconds since 1970, or text.
    var validity: [String] = []
    var publicKeyInfo: [UInt8] = []
    var extensions: [Extension] = []
    /// Every object identifier that has its own tag, in order.
    var identifiers: [String] = []

    struct Attribute: Equatable {
        var type: String
        var value: String
    }

    struct Extension: Equatable {
        var type: String
        var isCritical: Bool
    }

    /// The certificates that the bodies of a fixture are.
    static func all(in fixture: String) throws -> [ShownCertificate] {
        let bed = try TestBed()
        var found: [ShownCertificate] = []
        bed.dissect(try Fixture(named: fixture).frames) { frame in
            var certificate = ShownCertificate()
            for index in 0..<frame.itemCount { certificate.take(frame.item(index), frame, bed) }
            if !certificate.encoded.isEmpty { found.append(certificate) }
        }
        return found
    }

    private mutating func take(_ item: Item, _ frame: borrowing DissectedFrame, _ bed: TestBed) {
        let field = bed.registry[item.field]
        var text = TextBuffer()
        bed.formats.appendValue(item, frame, to: &text)
        if field.type == .objectIdentifier, field.abbreviation != "x509ce.registeredID" { identifiers.append(text.string) }
        switch field.abbreviation {
        case "pkix-cert.cert": encoded = frame.bytes(of: item).copy()
        case "x509af.serialNumber": serialNumber = frame.bytes(of: item).copy()
        case "x509af.subjectPublicKeyInfo_element": publicKeyInfo = frame.bytes(of: item).copy()
        case "x509af.utcTime": validity.append(text.string)
        case "x509af.generalizedTime": validity.append("\(item.time.seconds)")
        case "x509if.oid" where publicKeyInfo.isEmpty: add(Attribute(type: text.string, value: ""))
        case "x509af.extension.id": extensions.append(Extension(type: text.string, isCritical: false))
        case "x509af.critical": extensions[extensions.count - 1].isCritical = item.value != 0
        case let name where name.hasPrefix("x509sat.") && field.type == .string && publicKeyInfo.isEmpty: setValue(text.string)
        default: break
        }
    }

    private mutating func add(_ attribute: Attribute) {
        if validity.isEmpty { issuer.append(attribute) } else { subject.append(attribute) }
    }

    private mutating func setValue(_ value: String) {
        if validity.isEmpty { issuer[issuer.count - 1].value = value } else { subject[subject.count - 1].value = value }
    }
}
