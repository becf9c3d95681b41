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
        "t.ip == lark", "t.ip in {1.1.1.1, lark}", "t.ip6 == tree", "t.ip6 == lark",
        // Object identifiers, and times beyond those that nanoseconds can tell.
        "t.oid == 1.2.840", "t.oid != 1.2.841", "t.far > \"2200-01-01 00:00:00\"",
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
        "t xor u", "t ^^ u", "not (t xor t)", "t xor u xor u", "u and u xor t", "t xor u or u",
        // Literals on the left.
        "64 == t.byte", "63 < t.byte", "\"GET /\\n\" == t.text", "1 < t.byte < 65", "10.0.0.1 == t.ip", "10 * 6 + 4 == t.byte",
        // Text and bytes within values.
        "t.text contains \"ET\"", "t.text contains 'G'", "t.text contains GET", "t.text matches \"^get\"", "t.text ~ \"g.t\"", "t.text matches r\"\\s/\"",
        "t.bytes contains 62", "t.bytes contains 62:63", "t.bytes contains \"bc\"", "t.bytes contains 0x63", "t contains 20:01", "t matches \"^abc\"",
        "t.mac contains 22:33", "t.eui contains 07:08", "t.twice contains \"7\"", "any t.text contains \"E\"", "all t.text contains \"E\"",
        "t.text contains t.text", "t contains t.bytes", "lower(t.text) contains \"get\"", "upper(t.text) matches \"(?-i)GET\"",
        // Sets.
        "t.byte in {64}", "t.byte in {1, 64}", "t.byte in {60..70}", "t.byte in {1..2, 64..64}", "t.byte in {0x40}", "t.byte not in {1}", "t.byte not in {1..63}",
        "t.absent not in {1}", "not t.absent in {1}", "t.text in {\"A\"..\"H\"}", "t.ip in {10.0.0.0/8}", "t.ip in {10.0.0.0..10.0.0.9}", "t.ip6 in {2001:db8::/32}",
        "t.several in {2000}", "t.several in {1500..2500}", "any t.several in {1000}", "all t.several in {1000, 2000}", "not all t.several in {1000}",
        "t.byte in {t.byte, 1}", "t.byte in {t.named..t.word}", "t.time in {\"2019-04-22\" .. \"2019-04-23\"}", "t.span in {-2..0}",
        "t.named in {\"One\", \"Two\"}", "t.wide in {0..18446744073709551615}", "t.number in {-10..-1}", "t.mac in {00:11:22:33:44:00..00:11:22:33:44:ff}",
        "t.byte in {63 + 1}", "t.bytes in {61:62:63}", "t.float in {1..2}",
        // Quantifiers before comparisons.
        "any t.several == 1000", "all t.several > 500", "not all t.several == 1000", "all t.several != 3", "any t.several != 1000", "all t.several in {0..5000}",
        // Parts of values.
        "t[0:3] == 61:62:63", "t[0] == 'a'", "t[0] == 61", "t[-1] == 01", "t[-1] == 1", "t[0-2] == \"abc\"", "t[:2] == \"ab\"", "t[17:] == 00:01", "t[0,2] == \"ac\"",
        "t[0:2,-1] == 61:62:01", "t[:]", "t[0:3][1] == 62", "t.text[0:3] == \"GET\"", "t.text[-2:] == \"/\\n\"", "t.mac[0:2] == 00:11", "t.mac[5] == 55",
        "t.ip[0] == 0a", "t.ip6[0:2] == 20:01", "t.eui[7] == 08", "t[ 0 : 3 ] == \"abc\"", "t.bytes[0:2] == t[0:2]", "t[0:3] contains \"bc\"", "t[0:3] matches \"B\"",
        "t.bytes[0:3] in {61:62:63}", "not t[19]", "not t.mac[6]",
        // Layers and raw bytes.
        "t#1", "not t#2", "t.byte#1 == 64", "t.byte#[1] == 64", "t.byte#[1-2] == 64", "t.byte#[-1] == 64", "t.byte#[1:] == 64", "t.byte#[2,1] == 64", "not t.byte#2",
        "@t.byte == 61", "@t.word == 61:62", "@t.bytes == \"abc\"", "@t.byte#1 == 61", "@t.byte & 01",
        // Bits.
        "t.byte & 64", "not t.byte & 1", "t.byte & 0x40 == 64", "t.byte bitwise_and 64", "t.byte bitand 64 == 64", "{t.byte & 0xf0} == 64", "t.byte & {32 + 32}",
        "t.ip & 255.0.0.0 == 10.0.0.0", "t[0:2] & ff:00 == 61:00", "t.mac & ff:ff:00:00:00:00 == 00:11:00:00:00:00", "t.several & 1000", "t.byte & t.word == t.byte",
        // Arithmetic.
        "t.byte + 1 == 65", "t.byte +1 == 65", "t.byte+1 == 65", "t.byte - 1 == 63", "t.byte -1 == 63", "t.byte * 2 == 128", "t.byte / 3 == 21", "t.byte % 3 == 1",
        "{t.byte + 1} * 2 == 130", "t.byte + 1 * 2 == 66", "t.byte - 1 - 1 == 62", "-t.byte == -64", "- t.byte < 0", "+t.byte == 64", "t.named - t.byte == -62",
        "t.word + t.byte == 65599", "t.number % 3 == -2", "t.number + 5 == 0", "t.number * -1 == 5", "t.byte == {60 + 4}", "t.byte == 60 + 4", "t.byte > t.named + 10",
        "t.span * 2 == -3", "2 * t.span == -3", "t.span + t.span == -3", "t.span - t.span == 0", "t.span / 2 == -0.75", "-t.span == 1.5",
        "t.time - t.time == 0", "t.time + 1 > t.time", "t.time - 3600 < t.time", "t.float * 2 == 3", "t.float + 1 > 2", "t.float - t.byte < 0", "t.several + 1 == 2001",
        "not t.byte / 0 == 0", "not t.byte % 0 == 0", "not t.wide + 1 > 0", "not t.wide * t.wide > 0",
        // Functions.
        "len(t.text) == 6", "len(t.bytes) == 3", "len(t) == 19", "len(t.mac) == 6", "count(t.several) == 2", "count(t) == 1", "upper(t.text) contains \"GET\"",
        "lower(t.text) == \"get /\\n\"", "max(t.several) == 2000", "min(t.several) == 1000", "max(t.byte, t.word) == 65535", "min(t.byte, 3) == 3", "abs(t.number) == 5",
        "abs(t.span) == 1.5", "abs(t.double) == 0.25", "string(t.byte) == \"64\"", "string(t.ip) == \"10.0.0.1\"", "string(t.ip6) == \"2001:db8::1\"",
        "string(t.mac) matches \"^00:11\"", "string(t.flag) == \"True\"", "string(t.number) == \"-5\"", "string(t.span) == \"-1.500000000\"", "string(t.bytes) == \"61:62:63\"",
        "vals(t.named) == \"Two\"", "dec(t.byte) == \"64\"", "hex(t.byte) == \"0x40\"", "float(t.byte) > 63.5", "double(t.byte) == 64", "float(t.span) == -1.5",
        "ip_rfc1918(t.ip)", "not ip_linklocal(t.ip)", "not ip_multicast(t.ip6)", "not ip_ula(t.ip6)", "ip_special_name(t.ip) == \"Private-Use\"",
        "ip_special_name(t.ip6) == \"Documentation\"", "ip_special_mask(t.ip) == 28", "len(lower(t.text)) == 6", "len(t.text[0:3]) == 3", "upper(t.text)[0:3] == \"GET\"",
        "len(t.text)", "abs(t.number) + 1 == 6", "max(t.byte, t.named) - 1 == 63", "len(t.text) in {1..6}", "not count(t.absent) == 0",
        // Characters by number.
        "t.text == \"\\u0047ET /\\n\"", "t.text == \"\\U00000047ET /\\x0a\"",
    ])
    func passes(_ text: String) throws {
        #expect(try TestProtocol.passes(text))
    }

    @Test(arguments: [
        "u", "t.absent", "not t", "t.byte == 65", "t.byte != 64", "t.byte > 64", "t.byte === 65", "t.absent == 1", "t.absent != 1", "not t.absent != 1 and t.absent",
        "t.several != 1000", "t.several === 1000", "t.several > 2000", "t.byte == -1", "t.byte > -1", "t.named == \"One\"", "t.flag == false",
        "t.float == 1.25", "t.text == \"GET\"", "t.text == \"get /\\n\"", "t.bytes == 61:62", "t.ip == 10.0.0.2", "t.ip != 10.0.0.0/8", "t.ip6 == 2001:db9::/32",
        "t.mac == 00:11:22:33:44:56", "t.time > \"2019-04-22 18:00\"", "t.span > 0", "t.byte > t.word", "t.byte == t.word", "t.absent == t.absent",
        "t.byte in {1}", "t.byte in {1..63}", "t.byte not in {64}", "t.absent in {1}", "all t.several in {1000}", "t.text contains \"POST\"", "t.text matches \"POST\"",
        "t.text matches \"(?-i)get\"", "t[0:100]", "t[19]", "t[-20]", "t.byte & 1", "t.byte / 0 == 0", "t.byte#2", "t#[2:]", "t.byte#0", "t.absent + 1 == 1",
        "${t.byte} == 64", "t.byte == ${t.byte}", "$t.byte == 64", "t xor t", "all t.several == 1000", "ip_multicast(t.ip)", "vals(t.named) == \"One\"", "@t.byte == 40",
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
        Mistake("t.byte == (64)", "(", "unexpected"), Mistake("t | t", "|", "unexpected"), Mistake("t.byte[0]", "t.byte", "cannot be sliced"), Mistake("t é", "é", "unexpected"),
        Mistake("1000 == t.byte", "1000", "too big"), Mistake("t.byte == 1 == 1", "1", "left side"), Mistake("1 == 1", "1", "left side"),
        Mistake("{1 + 2} == 3", "{1 + 2}", "left side"), Mistake("t.bite == 1", "t.bite", "neither"), Mistake("1 == t.bite", "1", "left side"),
        Mistake("t.byte contains 1", "t.byte", "cannot participate"), Mistake("t.ip contains 0a", "t.ip", "cannot participate"),
        Mistake("t.text matches abc", "abc", "double quoted"), Mistake("t.text matches 'a'", "'a'", "double quoted"), Mistake("t.text matches \"(\"", "\"(\"", "Regex"),
        Mistake("t.byte matches \"1\"", "t.byte", "cannot participate"), Mistake("1 in {1}", "1", "Only a field"), Mistake("t.byte in {}", "}", "unexpected"),
        Mistake("t.byte in {1 2}", "2", "unexpected"), Mistake("t.byte in 1", "1", "unexpected"), Mistake("t.byte in {300}", "300", "too big"),
        Mistake("t.byte in {t.text}", "t.text", "compatible"), Mistake("t[0:0]", "0:0", "positive"), Mistake("t[3-1]", "3-1", "greater"), Mistake("t[a]", "a", "valid index"),
        Mistake("t[0", "[0", "closing bracket"), Mistake("t.byte#x", "#", "number of a layer"), Mistake("t.byte#[1", "#[1", "closing bracket"),
        Mistake("t.text + 1 == 2", "t.text + 1", "cannot be joined"), Mistake("t.ip * 2 == 1", "2", "IPv4"), Mistake("t.flag + 1 == 1", "t.flag + 1", "cannot be joined"),
        Mistake("-t.text == 1", "t.text", "negated"), Mistake("foo(t.byte)", "foo", "does not exist"), Mistake("len()", "len", "one argument"),
        Mistake("len(t.text, t.text) == 1", "len", "one argument"), Mistake("len(t.byte) == 1", "t.byte", "does not take"), Mistake("upper(t.byte) == 1", "t.byte", "does not take"),
        Mistake("len(1) == 1", "len", "needs a field"), Mistake("vals(t.byte + 1) == \"a\"", "t.byte + 1", "does not take"), Mistake("all t", "", "ends"),
        Mistake("any (t)", "(", "unexpected"), Mistake("t.byte == 1..2", "..", "unexpected"), Mistake("@5", "5", "neither"), Mistake("@(t)", "(", "unexpected"),
        Mistake("t.byte & == 1", "==", "unexpected"), Mistake("${t.byte", "${t.byte", "closing brace"), Mistake("$ == 1", "$", "names a field"),
        Mistake("${nothing} == 1", "${nothing}", "neither"), Mistake("t.text == \"\\u12\"", "\\u12", "escape sequence"), Mistake("t ^ t", "^", "unexpected"),
        Mistake("t xor", "", "ends"),
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

    @Test func referencesStandForTheSelectedFramesValues() throws {
        let registry = try TestProtocol.registry()
        var filter = try DisplayFilter("t.byte == ${t.byte} and t.several in {${t.several}} and not ${t.absent}", registry: registry)
        TestProtocol.withFrame(registry, Plan(registry, fields: nil, labels: false, columns: false)) { context in
            let before = filter.matches(context.dissected)
            filter.takeReferences(from: context.dissected, registry)
            let after = filter.matches(context.dissected)
            #expect(!before && after)
        }
    }

    @Test(arguments: [
        ("${byte:64}", "t.byte == 64"), ("${byte;64}", "t.byte == 64"), ("$byte(64)", "t.byte == 64"), ("t and ${both:1;2}", "t and (t.byte == 1 or t.byte == 2)"),
        ("$both(1,2)", "(t.byte == 1 or t.byte == 2)"), ("${t.byte} == 1", "${t.byte} == 1"), ("${none}", "t"), ("\"${none}\"", "\"${none}\""), ("${nested:3}", "not t.byte == 3"),
        ("$unknown(1)", "$unknown(1)"), ("$", "$"), ("${", "${"), ("${byte:", "${byte:"), ("${cost}", "$x"),
    ])
    func macroIsExpanded(_ text: String, _ expanded: String) throws {
        let macros = FilterMacros(parsing: """
            # comment
            "byte","t.byte == $1"
            "both","(t.byte == $1 or t.byte == $2)"
            "none","t"
            "nested","not ${byte:$1}"
            "cost","$x"
            "quoted","t.text == \\x22a\\x22"
            """)
        #expect(try macros.expand(text) == expanded)
        #expect(macros.definitions["quoted"] == "t.text == \"a\"")
    }

    @Test func macroThatNamesItselfIsRefused() {
        #expect(throws: FilterError.self) { try FilterMacros(["a": "${a}"]).expand("${a}") }
        #expect(throws: FilterError.self) { try FilterMacros(["a": "${b} ${b}", "b": "${a} ${a}"]).expand("${a}") }
    }

    @Test(arguments: [
        ("t.by", ["t.byte", "t.bytes"]), ("t and t.nam", ["t.named"]), ("le", ["len("]), ("t.named == \"T", ["\"Two\""]), ("t.named == ", ["\"One\""]),
        ("t.named in {\"One\", \"Tw", ["\"Two\""]), ("t.flag == ", ["\"Set\"", "\"Not set\""]), ("t.byte con", ["contains"]), ("t.byte ", ["==", "!="]), ("", ["t", "u", "t.byte"]),
        ("(t.word", ["t.word"]), ("not u", ["u", "upper("]), ("len(t.te", ["t.text"]),
    ])
    func completesWhatIsTyped(_ text: String, _ expected: [String]) throws {
        let (replaced, found) = FilterCompletion.completions(of: text, at: text.utf8.count, try TestProtocol.registry())
        #expect(Set(expected).isSubset(of: found.map(\.text)), "\(found.map(\.text))")
        #expect(replaced.upperBound == text.utf8.count)
        #expect(found.allSatisfy { !$0.summary.isEmpty })
        let prefix = String(decoding: Array(text.utf8)[replaced], as: UTF8.self)
        #expect(found.allSatisfy { $0.text.lowercased().hasPrefix(prefix.lowercased()) })
    }

    @Test(arguments: [
        ("t.byte == 1", nil), ("tcp.port == 80", "tcp port 80"), ("tcp.dstport != 80", "tcp and not (tcp dst port 80)"), ("ip.addr == 10.0.0.0/8", "ip net 10.0.0.0/8"),
        ("ip.src == 10.0.0.1 and not udp", "(ip src host 10.0.0.1) and (not (udp))"), ("tcp.port in {80, 443..450}", "tcp port 80 or tcp portrange 443-450"),
        ("tcp.port > 80", nil), ("tcp or frame contains \"a\"", nil), ("ipv6.dst == 2001:db8::1", "ip6 dst host 2001:db8::1"), ("eth.src == 00:11:22:33:44:55", "ether src 00:11:22:33:44:55"),
    ] as [(String, String?)])
    func captureFilterSaysTheSame(_ text: String, _ expected: String?) throws {
        let tree = try #require(try FilterParser.parse(text))
        #expect(CaptureFilterText(text: Array(text.utf8)).text(tree) == expected)
    }

    @Test func explanationNamesStepsAndFields() throws {
        let explanation = try FilterExplanation("t.byte == 64 xor not len(t.text[0:2]) > 1", registry: try TestProtocol.registry())
        #expect(explanation.syntaxTree == [
            "xor", "  ==", "    field t.byte <Unsigned integer (1 byte)>", "    literal 64", "  not", "    >", "      function len", "        slice [0:2]",
            "          field t.text <Character string>", "      literal 1",
        ])
        #expect(explanation.program == ["0 load     t.byte ==", "1 keep", "2 evaluate t.text", "3 not", "4 xor"])
        #expect(explanation.fields == ["t.byte: Unsigned integer (1 byte)", "t.text: Character string"])
        #expect(explanation.captureFilter == nil)
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
        let pieces = [
            "{", "}", "[0:2]", "[", "]", "in", "contains", "matches", "~", "&", "+", "-", "*", "/", "%", "len(", "count(", "max(", ",", "..", "any", "all", "xor", "@", "#1", "#[-1]",
            "$t.byte", "${t.text}", "t.text", "t.bytes", "t.time", "t.span", "t.float", "t.flag", "\"a\"", "t.mac", "t.ip6", "0", "1.5", "t", "t.byte", "t.ip", "==", "!=", "<", "(", ")", "and", "or", "not", "1", "-", "::", "10.0.0.1/", "\"", "'a'", "\\", "é", "0x", ".", "/"]
        let registry = try TestProtocol.registry()
        var state: UInt64 = 0x5eed
        var outcomes = (accepted: 0, refused: 0, passed: 0)
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<(state >> 60 + 1) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int((state >> 33) % UInt64(pieces.count))] + (state >> 63 == 0 ? " " : "")
            }
            do throws(FilterError) {
                let filter = try DisplayFilter(text, registry: registry)
                outcomes.accepted += 1
                TestProtocol.withFrame(registry, Plan(registry, fields: filter.fields, labels: false, columns: false)) { outcomes.passed += filter.matches($0.dissected) ? 1 : 0 }
            } catch {
                #expect(error.range.upperBound <= text.utf8.count, "\(text)")
                outcomes.refused += 1
            }
        }
        #expect(outcomes.accepted > 100 && outcomes.refused > 1000 && outcomes.passed > 20)
    }
}
