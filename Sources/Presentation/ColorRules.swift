import Dissection
import DisplayFilter

/// The rules that give frames their colours, in the form of Wireshark's file `colorfilters`: a line for each, of which the first that
/// holds counts.
public final class ColorRules: FrameColoring {
    private struct Rule {
        let rule: ColoringRule
        let filter: DisplayFilter
    }

    private let rules: [Rule]
    /// Lines that say nothing that can be understood here, by number: filters of unknown fields among them.
    public let problems: [(line: Int, reason: String)]

    /// - Parameters:
    ///   - text: lines such as `@HTTP@http || tcp.port == 80@[58596,65535,51143][4626,10023,11822]`: the background, then the
    ///     foreground, each as red, green and blue up to 65535. An exclamation mark before a line switches it off, `#` begins a
    ///     comment.
    ///   - filter: compiles a display filter.
    public init(parsing text: String, filter: (String) throws(FilterError) -> DisplayFilter) {
        var (rules, problems): ([Rule], [(line: Int, reason: String)]) = ([], [])
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let first = line.first(where: { $0 != " " && $0 != "\t" }), first == "@" else { continue }
            guard let rule = Self.rule(line) else {
                problems.append((index + 1, "it doesn't follow the template @name@filter@[background][foreground]"))
                continue
            }
            do throws(FilterError) {
                rules.append(Rule(rule: rule, filter: try filter(rule.filter)))
            } catch {
                problems.append((index + 1, "\(error)"))
            }
        }
        (self.rules, self.problems) = (rules, problems)
    }

    private static func rule(_ line: Substring) -> ColoringRule? {
        let parts = line.drop { $0 != "@" }.dropFirst().split(separator: "@", omittingEmptySubsequences: false)
        // A filter may have the sign in it: colours are behind the last one.
        guard parts.count >= 3, let colors = parts.last else { return nil }
        let numbers = colors.split { "[], \t\r".contains($0) }.map { UInt32($0) }
        guard numbers.count == 6, numbers.allSatisfy({ $0 ?? .max <= 65535 }) else { return nil }
        let bytes = numbers.map { ($0 ?? 0) >> 8 }
        func color(_ start: Int) -> UInt32 { bytes[start] << 16 | bytes[start + 1] << 8 | bytes[start + 2] }
        return ColoringRule(
            name: String(parts[0]), filter: parts[1..<(parts.count - 1)].joined(separator: "@"),
            colors: FrameColors(foreground: color(3), background: color(0)))
    }

    /// What has to be wanted of frames so that the rules can be asked.
    public var wants: PlanWants { rules.reduce(PlanWants()) { $0.union($1.filter.wants) } }

    public func rule(for frame: borrowing DissectedFrame) -> ColoringRule? {
        for rule in rules where rule.filter.matches(frame) { return rule.rule }
        return nil
    }

    /// What is shown unless the user has rules: trouble first, then what kind of traffic it is.
    public static let standard = """
        @TCP trouble@tcp.analysis.flags && !tcp.analysis.window_update && !tcp.analysis.keep_alive && !tcp.analysis.keep_alive_ack@[8995,8995,9252][65535,28784,28784]
        @TCP reset@tcp.flags.reset == 1@[38550,5140,7710][65535,63222,36494]
        @ICMP error@icmp.type in {3..5, 11..12} || icmpv6.type in {1..4}@[8995,8995,9252][46774,65535,29298]
        @Bad checksum@eth.fcs.status == "Bad" || ip.checksum.status == "Bad" || tcp.checksum.status == "Bad" || udp.checksum.status == "Bad"@[8995,8995,9252][65535,28784,28784]
        @Malformed@_ws.malformed@[8995,8995,9252][65535,28784,28784]
        @Low time to live@ip.ttl < 2 && !ip.dst == 224.0.0.0/4 && !icmp@[42148,8224,8224][65535,65535,65535]
        @ARP@arp@[65535,61680,53970][4626,10023,11822]
        @ICMP@icmp || icmpv6@[64250,57568,65535][4626,10023,11822]
        @Name resolution@dns || mdns@[54998,59110,65535][4626,10023,11822]
        @HTTP@http || websocket || tcp.port == 80@[58082,64764,51400][4626,10023,11822]
        @TLS@tls || tcp.port == 443@[59110,57568,64764][4626,10023,11822]
        @TCP connection@tcp.flags.syn == 1 || tcp.flags.fin == 1@[41120,41120,41120][4626,10023,11822]
        @TCP@tcp@[59110,59110,64250][4626,10023,11822]
        @UDP@udp@[55512,61166,65535][4626,10023,11822]
        @Broadcast@eth.dst.ig == 1@[65535,65535,65535][47802,48316,46260]
        """
}
