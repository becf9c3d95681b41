import Foundation
import Testing

/// `wirelark edit`, by itself and beside editcap.
@Suite struct EditTests {
    private static let input = try? Captures.write("edit.pcap", Captures.capture([
        Captures.datagram(1, 2, [1, 2, 3]), Captures.datagram(1, 2, [1, 2, 3]), Captures.datagram(3, 4, Array(0..<200)), Captures.ethernet(0x88b5, [9]),
        Captures.datagram(1, 2, [1, 2, 3]), Captures.datagram(5, 6, [7]),
    ]))

    /// The frames that are written, without the part of the time that all share.
    private func edited(_ options: [String], _ selection: String...) throws -> [String] {
        let output = FileTools.path()
        let outcome = try Command.run(["edit"] + options + [#require(Self.input), output] + selection)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        return try FileTools.frames(output).map { String($0.dropFirst("1555946".count)) }
    }

    @Test func selects() throws {
        #expect(try edited([], "1-3", "6") == ["601.500000000\t15\t15", "602.500000000\t45\t45"])
        #expect(try edited(["-r"], "4") == ["601.500000000\t15\t15"])
        #expect(try edited(["-A", "2019-04-22T15:23:19.5", "-B", "1555946602"]).count == 3)
        #expect(try edited(["-A", "2019-04-22T17:23:20.5+02:00"]).count == 4)
    }

    @Test func takesWhatADisplayFilterFinds() throws {
        #expect(try edited(["-Y", "udp.port == 1"]).count == 3)
        #expect(try edited(["-Y", "udp.port == 1", "-d"], "1").count == 1)
        #expect(try edited(["-Y", "eth.type == 0x88b5 or frame.number == 6"]).count == 2)
        #expect(try Command.run(["edit", "-Y", "udp.prot", #require(Self.input), FileTools.path()]).exitCode == 2)
        #expect(try Command.run(["edit", "-Y", "udp", "-", FileTools.path()], input: Data()).exitCode == 1)
    }

    @Test func removesDuplicates() throws {
        #expect(try edited(["-d"]).count == 4)
        #expect(try edited(["-D", "2"]).count == 5)
        #expect(try edited(["-D", "0"]).count == 6)
        #expect(try edited(["-w", "1"]).count == 5)
        let outcome = try Command.run(["edit", "-V", "-d", #require(Self.input), FileTools.path()])
        #expect(outcome.errors.contains("6 packets seen, 2 packets skipped with duplicate window of 5 packets."))
        #expect(outcome.errors.contains("Skipped: 2, Len: 45, MD5 Hash: "))
    }

    /// Two frames that differ in their tag alone are duplicates without it.
    @Test(arguments: [(UInt8(1), 12), (113, 14)]) func removesTags(_ linkType: UInt8, _ headByteCount: Int) throws {
        let head = [UInt8](repeating: 2, count: headByteCount), payload: [UInt8] = [0x88, 0xb5, 7]
        var data = Captures.capture([head + payload, head + [0x81, 0, 0, 5] + payload, head + [0x81, 0, 0]])
        data[20] = linkType
        let input = try Captures.write("tags-\(linkType).pcap", data), output = FileTools.path()
        func frames(_ options: String...) throws -> [String] {
            #expect(try Command.run(["edit"] + options + [input, output]).exitCode == 0)
            return try FileTools.frames(output).map { String($0.drop { $0 != "\t" }.dropFirst()) }
        }
        let (plain, tagged, cut) = (headByteCount + 3, headByteCount + 7, headByteCount + 3)
        #expect(try frames("-d") == ["\(plain)\t\(plain)", "\(tagged)\t\(tagged)", "\(cut)\t\(cut)"])
        #expect(try frames("--novlan", "-d") == ["\(plain)\t\(plain)", "\(cut)\t\(cut)"])
        #expect(try frames("--novlan")[1] == "\(plain)\t\(tagged)")
        #expect(try frames("--novlan", "-L")[1] == "\(plain)\t\(plain)")
    }

    @Test func changesBytesAndLengths() throws {
        #expect(try edited(["-s", "20"], "1-2", "4-6") == ["600.500000000\t20\t242"])
        #expect(try edited(["-L", "-s", "20"], "1-2", "4-6") == ["600.500000000\t20\t20"])
        #expect(try edited(["-L", "-C", "14", "-C", "-2"], "1-2", "4-6") == ["600.500000000\t226\t226"])
        let output = FileTools.path()
        _ = try Command.run(["edit", "-r", "-C", "2:4", "-C", "-2:-3", #require(Self.input), output, "4"])
        #expect(try Command.read(output, "-x").output.hasPrefix("0000  00 11 66 77 88 99 b5 09 "))
        #expect(try FileTools.frames(output).first?.hasSuffix("\t8\t15") == true)
    }

    @Test func changesTimes() throws {
        #expect(try edited(["-t", "-0.25"])[0] == "598.250000000\t45\t45")
        #expect(try edited(["-t", "1"])[0] == "599.500000000\t45\t45")
        #expect(try edited(["-S", "-0"]).allSatisfy { $0.hasPrefix("598.500000000") })
        #expect(try edited(["-S", "-2"])[5].hasPrefix("608.500000000"))
    }

    @Test func errorsRepeatWithTheirSeed() throws {
        func output(_ seed: String) throws -> String {
            let path = FileTools.path()
            _ = try Command.run(["edit", "-E", "0.1", "-o", "14", "--seed", seed, #require(Self.input), path])
            return try FileTools.contents(path)
        }
        #expect(try output("7") == output("7"))
        #expect(try output("7") != output("8"))
    }

    @Test func splits() throws {
        let output = FileTools.path("pcap")
        _ = try Command.run(["edit", "-c", "4", #require(Self.input), output])
        let stem = output.dropLast(".pcap".count)
        #expect(try FileTools.frames("\(stem)_00000_20190422152318.pcap").count == 4)
        #expect(try FileTools.frames("\(stem)_00001_20190422152322.pcap").count == 2)
        _ = try Command.run(["edit", "-i", "2", #require(Self.input), output + ".x"])
        #expect(try FileTools.frames("\(output)_00000_20190422152318.x").count == 3)
        #expect(try FileTools.frames("\(output)_00001_20190422152321.x").count == 2)
    }

    @Test func commentsAndSecrets() throws {
        let keys = try Captures.write("keys.log", Data("CLIENT_RANDOM 00 11\n".utf8))
        let (first, second) = (FileTools.path(), FileTools.path())
        _ = try Command.run(["edit", "-a", "2:noted", "--capture-comment", "a capture", "--inject-secrets", "tls,\(keys)", #require(Self.input), first])
        #expect(try Command.read(first, "-T", "fields", "-e", "frame.comment").output == "\nnoted\n\n\n\n\n")
        let about = try Command.run(["info", "-k", "-D", first]).output
        #expect(about.contains("Capture comment:     a capture\n") && about.contains("Number of decryption secrets in file: 1\n"))
        _ = try Command.run(["edit", "--discard-all-secrets", "--discard-capture-comment", "--discard-packet-comments", first, second])
        #expect(try Command.read(second, "-T", "fields", "-e", "frame.comment").output == "\n\n\n\n\n\n")
        #expect(try Command.run(["info", "-k", "-D", second]).output.split(separator: "\n").count == 1)
    }

    @Test func whatPrecedesDamageIsWritten() throws {
        let (input, output) = (try Captures.write("damaged.pcap", Captures.three.dropLast(1)), FileTools.path())
        let outcome = try Command.run(["edit", input, output])
        #expect(outcome.exitCode == 2 && outcome.errors.contains("cut short"))
        #expect(try FileTools.frames(output).count == 2)
    }

    @Test(arguments: [["-F", "nothing"], ["-A", "yesterday"], ["-C", "x"], ["-c", "0"], ["-T", "nothing"], ["-a", "text"], ["-E", "2"], ["--nothing"]])
    func refusesNonsense(options: [String]) throws {
        let outcome = try Command.run(["edit"] + options + [#require(Self.input), FileTools.path()])
        #expect(outcome.exitCode == 1 && outcome.errors.hasPrefix("wirelark: "))
    }

    @Test func doesNotWriteOverItsInput() throws {
        let input = try Captures.write("same.pcap", Captures.three)
        #expect(try Command.run(["edit", input, input]).exitCode == 2)
        #expect(try FileTools.frames(input).count == 3)
    }

    @Test(.enabled(if: FileTools.arePresent, FileTools.absence), arguments: [
        ["-d"], ["-D", "3"], ["-w", "3"], ["-I", "40", "-d"], ["-s", "30"], ["-L", "-s", "30"], ["-C", "4"], ["-C", "-4"], ["-C", "20:5"], ["-C", "-10:5"],
        ["-C", "20:-5"], ["-C", "-3:-5"], ["-L", "-C", "3", "-C", "-5"], ["-t", "0.5"], ["-t", "-5000.25"], ["-S", "0"], ["-S", "-0.1"], ["-F", "pcap"],
        ["-F", "nsecpcap"], ["-T", "rawip"], ["-B", "2019-04-22 15:23:20"], ["-A", "1555946600.5"],
    ])
    func isEditcap(options: [String]) throws {
        for input in [try #require(Self.input), SampleCaptureTests.sample] {
            let (ours, theirs) = (FileTools.path(), FileTools.path())
            _ = try Command.run(["edit"] + options + [input, ours])
            _ = try FileTools.output("editcap", options + [input, theirs])
            #expect(try FileTools.contents(ours) == FileTools.contents(theirs))
        }
    }
}
