import Dissection
import Foundation
import Testing

@testable import DisplayFilter

@Suite struct DisplayFilterTests {
    @Test(arguments: [
        // Everything, and presence.
        "", "  \t", "t", "t.byte", "t.mark", "t.twice", "not u", "!t.absent", "!!t", "not not t", "((t))",
        // Whole numbers in every notation.
        "t.byte == 64", "t.byte eq 64", "t.byte == 0x40", "t.byte == 0X40", "t.byte == 0100", "t.byte == 0b1000000", "t.byte == +64",
        "t.byte == '@'", "t.byte == '\\x40'", "t.byte == '\\100'", "t.byte any_eq 64", "t.byte all_eq 64",
        "t.byte != 65", "t.byte ne 65", "t.byte > 63", "t.byte gt 63", "t.byte >= 64", "t.byte ge 64", "t.byte < 65", "t.byte lt 65",
        "t.byte <= 64", "t.byte le 64", "t.word == 65535", "t.wide == 18446744073709551615", "t.wide == 0xffffffffffffffff",
        "t.wide == -1", "t.number == -5", "t.number < 0", "t.number > -6", "t.number != 5", "t.response_in == 12", "t.byte==64",
        // Several values of one field.
        "t.several == 1000", "t.several == 2000", "t.several > 1500", "t.several < 1500", "t.several != 3000", "t.several !== 1000",
        "t.several ~= 1000", "t.several any_ne 1000", "not t.several === 1000", "not t.several != 1000",
        // Names of values.
        "t.named == \"Two\"", "t.named == Two", "t.named == \"two\"", "t.named != \"UDP\"", "t.named < 3",
        // Booleans.
        "t.flag", "t.flag == 1", "t.flag == true", "t.flag == TRUE", "t.flag == \"Set\"", "t.flag == \"set\"", "t.flag != \"Not set\"",
        "t.plain_flag", "t.plain_flag == 0", "t.plain_flag == false", "t.plain_flag == False", "t.flag > 0",
        // Floating point.
        "t.float == 1.5", "t.float > 1", "t.float < 1.6e0", "t.double == -0.25", "t.double <= -0.25",
        // Text and bytes.
        "t.text == \"GET /\\n\"", "t.text == \"\\x47ET /\\012\"", "t.text != \"GET\"", "t.text > \"GET\"", "t.text != r\"GET /\\n\"",
        "t.twice == \"7\"", "t.twice == 9", "t.bytes == 61:62:63", "t.bytes == 61-62-63", "t.bytes == 61.62.63", "t.bytes == 616263",
        "t.bytes == \"abc\"", "t.bytes > 61:62", "t.bytes < 62", "t.bytes != 61:62:64", "t > 61:62",
        // Addresses.
        "t.mac == 00:11:22:33:44:55", "t.mac == 00-11-22-33-44-55", "t.mac == 0011.2233.4455", "t.mac == 001122334455",
        "t.mac > 00:11:22:33:44:54", "t.eui == 01:02:03:04:05:06:07:08", "t.ip == 10.0.0.1", "t.ip == 192.168.1.2", "t.ip == 10.0.0.0/8",
        "t.ip == 10.9.9.9/8", "t.ip == 0.0.0.0/0", "t.ip != 10.0.0.2", "t.ip > 192.0.0.0", "t.ip6 == 2001:db8::1", "t.ip6 == 2001:DB8:0:0:0:0:0:1",
        "t.ip6 == 2001:db8::/32", "t.ip6 == 2001:dbf::/29", "t.ip6 == ::/0", "t.ip6 != ::1", "t.ip6 > ::ffff:1.2.3.4",
        // Times. The tests' local time is two hours ahead of UTC.
        "t.time == \"2019-04-22 17:23:18.5\"", "t.time == \"2019-04-22T15:23:18.500000000Z\"", "t.time == \"2019-04-22 15:23:18.5 UTC\"",
        "t.time == \"2019-04-22 16:23:18.5+01:00\"", "t.time == \"Apr 22, 2019 17:23:18.5\"", "t.time == \"apr 22, 2019 15:23:18.5 UTC\"",
        "t.time > \"2019-04-22 17:23\"", "t.time > 2019-04-22", "t.time < \"2019-04-23\"", "t.span == -1.5", "t.span < 0", "t.span > -2",
        // Between fields.
        "t.byte < t.word", "t.word == t.word", "t.several == t.several", "t.named != t.byte", "t.byte < t.several < t.word",
        "t.text == t.text", "t.time == t.time", "t.bytes == t.bytes", "t.number == t.number",
        // Logic.
        "t and t.byte", "t && t.byte", "u or t", "u || t", "t or u and u", "u and u or t", "(t or u) and not u", "not u and t", "not (u and t)",
        "not t.byte == 65", "!t.byte == 65 && t", "t.byte == 64 and (t.word == 1 or t.named == 2)",
    ])
    func passes(_ text: String) throws {
        #expect(try TestProtocol.passes(text))
    }

    @Test(arguments: [
        "u", "t.absent", "not t", "t.byte == 65", "t.byte != 64", "t.byte > 64", "t.byte === 65", "t.absent == 1", "t.absent != 1", "not t.absent != 1 and t.absent",
        "t.several != 1000", "t.several === 1000", "t.several > 2000", "t.byte == -1", "t.byte > -1", "t.named == \"One\"", "t.flag == false",
        "t.float == 1.25", "t.text == \"GET\"", "t.text == \"get /\\n\"", "t.bytes == 61:62", "t.ip == 10.0.0.2", "t.ip != 10.0.0.0/8", "t.ip6 == 2001:db9::/32",
        "t.mac == 00:11:22:33:44:56", "t.time > \"2019-04-22 18:00\"", "t.span > 0", "t.byte > t.word", "t.byte == t.word", "t.absent == t.absent",
        "t and u", "not (t or u)", "t.byte < t.several < t.byte", "!t || u", "t.number > 0", "t == 61",
    ])
    func isRefused(_ text: String) throws {
        #expect(try !TestProtocol.passes(text))
    }

    struct Mistake: Sendable, CustomStringConvertible {
        var text: String
        /// The part that is to blame.
        var blamed: String
        var message: String
        var description: String { text }

        init(_ text: String, _ blamed: String, _ message: String) {
            self.text = text
            self.blamed = blamed
            self.message = message
        }
    }

    @Test(arguments: [
        Mistake("t.bite", "t.bite", "neither a field nor a protocol"), Mistake("t and foo", "foo", "neither a field nor a protocol"),
        Mistake("\"t\"", "\"t\"", "neither a field nor a protocol"), Mistake("T", "T", "neither a field nor a protocol"),
        Mistake("t.byte ==", "", "ends"), Mistake("t and", "", "ends"), Mistake("(t", "", "ends"), Mistake("not", "", "ends"), Mistake("()", ")", "unexpected"),
        Mistake("t)", ")", "unexpected"), Mistake("t && && t", "&&", "unexpected"), Mistake("t.byte = 64", "=", "unexpected"),
        Mistake("t.byte == 64 t", "t", "unexpected"), Mistake("and", "and", "unexpected"), Mistake("t AND t", "AND", "unexpected"),
        Mistake("t.byte == (64)", "(", "unexpected"), Mistake("t | t", "|", "unexpected"), Mistake("t.byte[0]", "[", "unexpected"), Mistake("t é", "é", "unexpected"),
        Mistake("1000 == t.byte", "1000", "left side"), Mistake("t.byte == 1 == 1", "1", "left side"), Mistake("61:62 == t", "61:62", "left side"),
        Mistake("t.byte == 256", "256", "maximum 255"), Mistake("t.word == 65536", "65536", "maximum 65535"), Mistake("t.number == 32768", "32768", "maximum 32767"),
        Mistake("t.number == -32769", "-32769", "minimum -32768"), Mistake("t.wide == 18446744073709551616", "18446744073709551616", "overflow"),
        Mistake("t.byte == 10z", "10z", "not a valid number"), Mistake("t.byte == 0x", "0x", "not a valid number"), Mistake("t.byte == 0b12", "0b12", "not a valid number"),
        Mistake("t.byte == 09", "09", "not a valid number"), Mistake("t.byte == \"64\"", "\"64\"", "without quotes"), Mistake("t.byte == 1.5", "1.5", "not a valid number"),
        Mistake("t.named == \"Three\"", "\"Three\"", "possible values for t.named"), Mistake("t.named == \"Same\"", "\"Same\"", "more than one value"),
        Mistake("t.flag == -1", "-1", "neither true nor false"), Mistake("t.flag == maybe", "maybe", "neither true nor false"),
        Mistake("t.float == abc", "abc", "floating-point"), Mistake("t.bytes == 6z", "6z", "byte string"), Mistake("t.bytes == 616", "616", "byte string"),
        Mistake("t.mac == 00:11", "00:11", "too few bytes"), Mistake("t.mac == 00:11:22:33:44:55:66", "00:11:22:33:44:55:66", "too many bytes"),
        Mistake("t.mac == \"00:11:22:33:44:55\"", "\"00:11:22:33:44:55\"", "without quotes"), Mistake("t.eui == 00:11", "00:11", "too few bytes"),
        Mistake("t.ip == 1.2.3", "1.2.3", "IPv4"), Mistake("t.ip == 10.0.0.1/33", "10.0.0.1/33", "from 0 to 32"), Mistake("t.ip == 256.0.0.1", "256.0.0.1", "IPv4"),
        Mistake("t.ip6 == 2001:db8::1::", "2001:db8::1::", "IPv6"), Mistake("t.ip6 == 1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9", "IPv6"),
        Mistake("t.ip6 == ::/129", "::/129", "from 0 to 128"), Mistake("t.ip6 == fe80", "fe80", "IPv6"), Mistake("t.ip6 == 1:2:3:4:5:6:7::8:9", "1:2:3:4:5:6:7::8:9", "IPv6"),
        Mistake("t.time == \"2019-13-22 15:23:18\"", "\"2019-13-22 15:23:18\"", "absolute time"), Mistake("t.time == \"2019-02-29\"", "\"2019-02-29\"", "absolute time"),
        Mistake("t.time == 1555946598", "1555946598", "absolute time"), Mistake("t.time == \"2019-04-22 15:23:18 CEST\"", "\"2019-04-22 15:23:18 CEST\"", "absolute time"),
        Mistake("t.span == 1.0000000001", "1.0000000001", "not a valid time"), Mistake("t.span == abc", "abc", "not a valid time"),
        Mistake("t.mark == 1", "t.mark", "no value"), Mistake("t.ip == t.mac", "t.mac", "compatible types"), Mistake("t.text == t.byte", "t.byte", "compatible types"),
        Mistake("t.text == \"a", "\"a", "final quote"), Mistake("t.text == \"a\\qb\"", "\\q", "escape sequence"), Mistake("t.byte == 'ab'", "'ab'", "too long"),
        Mistake("t.byte == ''", "''", "empty"), Mistake("t.text == \"\\400\"", "\\400", "escape sequence"), Mistake("t.text == \"a\\", "\\", "incomplete"),
    ])
    func isMistaken(_ mistake: Mistake) throws {
        let error = #expect(throws: FilterError.self) { try TestProtocol.passes(mistake.text) }
        guard let error else { return }
        let blamed = String(decoding: Array(mistake.text.utf8)[error.range], as: UTF8.self)
        #expect(blamed == mistake.blamed)
        #expect(error.message.localizedStandardContains(mistake.message), "\(error.message)")
    }

    @Test func nearNamesAreSuggested() throws {
        let error = #expect(throws: FilterError.self) { try TestProtocol.passes("t.bite == 1") }
        #expect(error?.suggestions.first == "t.byte")
        #expect(error?.description == "t.bite is neither a field nor a protocol name. Did you mean \(error?.suggestions.joined(separator: ", ") ?? "")?")
        let strange = #expect(throws: FilterError.self) { try TestProtocol.passes("nothing.like.it") }
        #expect(strange?.suggestions == [])
    }

    @Test func placeIsMarked() throws {
        let text = "t and\tt.ip == 1.2.3 and t"
        let error = try #require(throws: FilterError.self) { try TestProtocol.passes(text) }
        #expect(error.marked(in: text) == "    t and\tt.ip == 1.2.3 and t\n         \t        ^~~~~")
        let end = try #require(throws: FilterError.self) { try TestProtocol.passes("t and") }
        #expect(end.marked(in: "t and", indent: "") == "t and\n     ^")
    }

    @Test func nestingIsBounded() throws {
        let deep = String(repeating: "(", count: 100_000) + "t"
        #expect(throws: FilterError.self) { try TestProtocol.passes(deep) }
        let negations = String(repeating: "!", count: 200) + "t"
        #expect(try TestProtocol.passes(negations))
    }

    @Test func wantedFieldsAreThoseNamed() throws {
        let registry = try TestProtocol.registry()
        let filter = try DisplayFilter("t.twice == 9 or t.byte < t.word and not u", registry: registry)
        let names = Set(filter.fields.map { registry[$0].abbreviation })
        #expect(names == ["t.twice", "t.byte", "t.word", "u"])
        #expect(try DisplayFilter("", registry: registry).fields.isEmpty)
    }

    /// Random strings of a filter's pieces: an error or an answer, never a trap.
    @Test func anyTextIsAnsweredOrRefused() throws {
        let pieces = ["t", "t.byte", "t.ip", "==", "!=", "<", "(", ")", "and", "or", "not", "1", "-", "::", "10.0.0.1/", "\"", "'a'", "\\", "é", "0x", ".", "/"]
        let registry = try TestProtocol.registry()
        var state: UInt64 = 0x5eed
        var outcomes = (accepted: 0, refused: 0)
        for _ in 0..<5000 {
            var text = ""
            for _ in 0..<(state >> 60 + 1) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int((state >> 33) % UInt64(pieces.count))] + (state >> 63 == 0 ? " " : "")
            }
            do throws(FilterError) {
                _ = try DisplayFilter(text, registry: registry)
                outcomes.accepted += 1
            } catch {
                #expect(error.range.upperBound <= text.utf8.count, "\(text)")
                outcomes.refused += 1
            }
        }
        #expect(outcomes.accepted > 10 && outcomes.refused > 1000)
    }
}
