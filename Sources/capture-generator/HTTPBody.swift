/// Bodies of HTTP messages.
enum HTTPBody {
    enum Kind {
        case html, json, script, png, webp, download

        /// Listed as often as it occurs.
        static let mix: [Kind] = [
            .html, .html, .html, .json, .json, .json, .script, .script, .png, .png, .webp, .download,
        ]

        var mediaType: String {
            switch self {
            case .html: "text/html; charset=utf-8"
            case .json: "application/json"
            case .script: "application/javascript"
            case .png: "image/png"
            case .webp: "image/webp"
            case .download: "application/octet-stream"
            }
        }

        var pathSuffix: String {
            switch self {
            case .html: ".html"
            case .json: ""
            case .script: ".js"
            case .png: ".png"
            case .webp: ".webp"
            case .download: ".bin"
            }
        }

        var isText: Bool { self == .html || self == .json || self == .script }

        func bytes(random: inout SplitMix64) -> [UInt8] {
            switch self {
            case .html: HTTPBody.html(byteCount: random.logUniform(300...9_000), random: &random)
            case .json: HTTPBody.json(byteCount: random.logUniform(80...3_000), random: &random)
            case .script: HTTPBody.script(byteCount: random.logUniform(400...9_000), random: &random)
            case .png: HTTPBody.png(byteCount: random.logUniform(300...9_000), random: &random)
            case .webp: HTTPBody.webp(byteCount: random.logUniform(600...12_000), random: &random)
            case .download: random.bytes(random.logUniform(1_000...60_000))
            }
        }
    }

    private static let words = [
        "about", "after", "amount", "answer", "beyond", "bridge", "carry", "center", "clear", "color", "common",
        "country", "different", "during", "early", "energy", "every", "field", "figure", "follow", "garden", "great",
        "house", "island", "kind", "large", "light", "listen", "machine", "measure", "morning", "mountain", "never",
        "number", "paper", "pattern", "people", "place", "plain", "question", "river", "sentence", "simple", "sound",
        "special", "spring", "station", "summer", "table", "through", "travel", "under", "water", "weather", "window",
    ].map { Array($0.utf8) }

    private static func appendWords(_ count: Int, to text: inout [UInt8], random: inout SplitMix64) {
        for index in 0..<count {
            if index > 0 { text.append(UInt8(ascii: " ")) }
            text += random.element(of: words)
        }
    }

    private static func html(byteCount: Int, random: inout SplitMix64) -> [UInt8] {
        var text = Array("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n  <meta charset=\"utf-8\">\n  <title>".utf8)
        appendWords(4, to: &text, random: &random)
        text += Array("</title>\n</head>\n<body>\n".utf8)
        while text.count < byteCount {
            text += Array("  <p class=\"entry\">".utf8)
            appendWords(random.uniform(8...24), to: &text, random: &random)
            text += Array(".</p>\n".utf8)
        }
        return text + Array("</body>\n</html>\n".utf8)
    }

    private static func json(byteCount: Int, random: inout SplitMix64) -> [UInt8] {
        var text = Array("{\"page\":\(random.below(90)),\"items\":[".utf8)
        while true {
            text += Array("{\"id\":\(random.below(1_000_000)),\"name\":\"".utf8)
            appendWords(3, to: &text, random: &random)
            text += Array("\",\"price\":\(random.below(900)).\(random.uniform(10...99)),\"active\":".utf8)
            text += Array((random.chance(perTenThousand: 5_000) ? "true" : "false").utf8)
            text += Array(",\"tags\":[\"".utf8)
            appendWords(1, to: &text, random: &random)
            text += Array("\",null]}".utf8)
            guard text.count < byteCount else { return text + Array("]}".utf8) }
            text.append(UInt8(ascii: ","))
        }
    }

    private static func script(byteCount: Int, random: inout SplitMix64) -> [UInt8] {
        var text = Array("\"use strict\";\n".utf8)
        while text.count < byteCount {
            text += Array("export function handler\(random.below(10_000))(event) {\n  return event.".utf8)
            appendWords(1, to: &text, random: &random)
            text += Array(" + \(random.below(1_000));\n}\n".utf8)
        }
        return text
    }

    /// A comment, or now and then a name and a password.
    static func form(random: inout SplitMix64) -> [UInt8] {
        if random.chance(perTenThousand: 2_500) {
            return Array("user=\(random.element(of: words))&password=\(hexadecimal(random.next()))".utf8)
        }
        var text = Array("token=\(hexadecimal(random.next()))&quantity=\(random.below(20))&comment=".utf8)
        for _ in 0..<random.uniform(1...20) {
            text += random.element(of: words)
            text.append(UInt8(ascii: "+"))
        }
        return text + Array("&submit=Send".utf8)
    }

    /// A well-formed PNG around random image data, which is never inflated.
    private static func png(byteCount: Int, random: inout SplitMix64) -> [UInt8] {
        var header: [UInt8] = []
        header.append(uint32: UInt32(random.uniform(16...1_024)))
        header.append(uint32: UInt32(random.uniform(16...1_024)))
        header += [8, 6, 0, 0, 0]
        var image: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        append(chunk: "IHDR", header, to: &image)
        while image.count < byteCount {
            append(chunk: "IDAT", random.bytes(min(8_192, max(64, byteCount - image.count))), to: &image)
        }
        append(chunk: "IEND", [], to: &image)
        return image
    }

    private static func append(chunk type: String, _ content: [UInt8], to image: inout [UInt8]) {
        let typed = Array(type.utf8) + content
        image.append(uint32: UInt32(content.count))
        image += typed
        image.append(uint32: CRC32.of(typed))
    }

    private static func webp(byteCount: Int, random: inout SplitMix64) -> [UInt8] {
        var image = Array("RIFF".utf8)
        image.append(littleEndian: UInt32(byteCount + 12))
        image += Array("WEBPVP8L".utf8)
        image.append(littleEndian: UInt32(byteCount))
        return image + random.bytes(byteCount)
    }

    /// A gzip member (RFC 1952) of stored blocks (RFC 1951 section 3.2.4): valid, if not smaller.
    static func gzip(_ body: [UInt8]) -> [UInt8] {
        var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        let blockByteCount = 65_535
        for offset in stride(from: 0, to: max(1, body.count), by: blockByteCount) {
            let end = min(offset + blockByteCount, body.count)
            let length = UInt16(end - offset)
            member.append(end == body.count ? 1 : 0)
            for value in [length, ~length] { member += [UInt8(value & 0xFF), UInt8(value >> 8)] }
            member += body[offset..<end]
        }
        member.append(littleEndian: CRC32.of(body))
        member.append(littleEndian: UInt32(body.count))
        return member
    }
}
