import Foundation
import Testing

/// Captures of real traffic between two namespaces.
@Suite(.serialized, .enabled(if: Network.isAllowed, "Namespaces cannot be made here"))
struct CaptureTests {
    private func path(_ name: String) -> String { Captures.directory.appendingPathComponent("capture-\(name)").path }

    /// The numbers in the datagrams of a file, in its order.
    private func numbers(_ path: String, mayBeCut: Bool = false) throws -> [Int] {
        let outcome = try Command.read(path, "-Y", "udp.dstport == 4000", "-T", "fields", "-e", "udp.payload")
        // The system ends a write between two of its pages, so that a cut anywhere else is our own.
        let isAtPage = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 1) % 4096 == 0
        let isCut = mayBeCut && isAtPage && outcome.exitCode == 2 && outcome.errors.contains("was cut short in the middle of")
        #expect(outcome.exitCode == 0 || isCut, "\(outcome.errors)")
        return outcome.output.split(separator: "\n").compactMap { line in
            Int(String(line.prefix(16).enumerated().filter { $0.offset % 2 == 1 }.map(\.element)))
        }
    }

    /// Files of a series in the order of their numbers.
    private func series(_ name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Captures.directory.path).filter { $0.hasPrefix("capture-\(name)_") }.sorted()
            .map { Captures.directory.appendingPathComponent($0).path }
    }

    @Test func countsAreExact() throws {
        let network = try Network()
        let file = path("exact.pcapng")
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-w", file, "-f", "udp"])
        try network.send(500, pauseSeconds: 0)
        capture.signal(SIGUSR1)
        try capture.wait { capture.errors.contains(" received: ") }
        let outcome = capture.end()
        #expect(outcome.exitCode == 0)
        #expect(outcome.counts.prefix(6) == [500, 500, 0, 0, 0, 0])
        #expect(try numbers(file) == Array(0..<500))
        let description = try Command.read(file, "-c", "1", "-T", "fields", "-e", "frame.interface_name", "-e", "frame.interface_id")
        #expect(description.output == "right\t0\n")
    }

    @Test(arguments: [["-V"], ["-T", "json"], ["-T", "fields", "-e", "frame.number", "-e", "_ws.col.Info"]])
    func isPrintedLikeTheFile(view: [String]) throws {
        let network = try Network()
        let file = path("printed.pcapng")
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-i", "lo", "-w", file, "-P"] + view)
        try network.run(at: network.left, "ping -q -c 3 -i 0.1 \(Network.rightAddress)")
        try browse(network)
        try resolve(network)
        try remember(network)
        let outcome = capture.end()
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let offline = try Command.run(["read", file, "-P"] + view)
        #expect(outcome.output == offline.output)
        #expect(outcome.output.count > 300)
    }

    /// nginx and curl, where there are both.
    private func browse(_ network: Network) throws {
        guard (try? Network.shell("command -v nginx curl")) != nil else { return }
        let directory = path("nginx")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let configuration = try Captures.write("nginx.conf", Data("""
            daemon on; pid \(directory)/pid; error_log \(directory)/error.log; user root;
            events {}
            http { access_log off; server { listen \(Network.rightAddress):80; location / { return 200 "hello"; } } }
            """.utf8))
        try Network.startServer(at: network.right, "nginx -c \(configuration)")
        defer { _ = try? network.run(at: network.right, "nginx -c \(configuration) -s stop") }
        let answer = try network.run(at: network.left, "curl -s http://\(Network.rightAddress)/")
        #expect(answer == "hello")
    }

    /// dnsmasq and dig, where there are both.
    private func resolve(_ network: Network) throws {
        guard (try? Network.shell("command -v dnsmasq dig")) != nil else { return }
        let pid = path("dnsmasq.pid")
        try Network.startServer(at: network.right, "dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --pid-file=\(pid) --address=/example.test/192.0.2.7 --listen-address=\(Network.rightAddress) --bind-interfaces")
        defer { _ = try? Network.shell("kill $(cat \(pid))") }
        let answer = try network.run(at: network.left, "dig +short @\(Network.rightAddress) example.test")
        #expect(answer == "192.0.2.7\n")
    }

    /// redis, where there is one.
    private func remember(_ network: Network) throws {
        guard (try? Network.shell("command -v redis-server redis-cli")) != nil else { return }
        let pid = path("redis.pid")
        try Network.startServer(at: network.right, "redis-server --daemonize yes --bind \(Network.rightAddress) --protected-mode no --save --dir \(Captures.directory.path) --pidfile \(pid)")
        defer { _ = try? Network.shell("kill $(cat \(pid))") }
        let client = "redis-cli -h \(Network.rightAddress)"
        for _ in 0..<100 where (try? network.run(at: network.left, "\(client) ping")) != "PONG\n" { usleep(50_000) }
        #expect(try network.run(at: network.left, "\(client) set bird lark") == "OK\n")
        #expect(try network.run(at: network.left, "\(client) get bird") == "lark\n")
    }

    @Test func anyCapturesOnAllAndNumbersNameDevices() throws {
        let network = try Network()
        func firstPacket(on name: String) throws -> String {
            let capture = try LiveCapture(
                in: network.right, ["-i", name, "-f", "udp", "-c", "3", "-T", "fields", "-e", "frame.interface_name", "-e", "frame.protocols"])
            try network.send(3)
            return capture.end(nil).output
        }
        #expect(try firstPacket(on: "any").hasPrefix("any\tsll:"))
        // Numbers change while devices come up.
        let list = try network.run(at: network.right, "\(Command.executable.path) capture -D").split(separator: "\n")
        let line = try #require(list.first { $0.contains(". right") })
        #expect(try firstPacket(on: String(line.prefix { $0 != "." })).hasPrefix("right\teth:"))
    }

    @Test func severalInterfacesStandInOneFile() throws {
        let network = try Network()
        let file = path("several.pcapng")
        let capture = try LiveCapture(in: network.right, ["-f", "udp", "-i", "right", "-i", "lo", "-f", "icmp", "-w", file])
        try network.send(5)
        try network.run(at: network.right, "ping -q -c 2 -i 0.1 127.0.0.1")
        try network.run(at: network.left, "ping -q -c 2 -i 0.1 \(Network.rightAddress)")
        let outcome = capture.end()
        let names = try Command.read(file, "-T", "fields", "-e", "frame.interface_name", "-e", "frame.protocols").output.split(separator: "\n")
        #expect(names.filter { $0.hasPrefix("right") && $0.contains("udp") }.count == 5)
        #expect(names.filter { $0.hasPrefix("lo") && $0.contains("icmp") }.count == 4)
        #expect(names.count == 9)
        #expect(outcome.counts.first == 9)
    }

    @Test func aDeviceIsCapturedOnAsIsAskedFor() throws {
        let network = try Network()
        let file = path("asked.pcapng")
        let capture = try LiveCapture(
            in: network.right,
            ["-i", "right", "-f", "udp", "-s", "64", "-B", "4", "-p", "-y", "EN10MB", "--time-stamp-type", "host", "--immediate", "-w", file, "-c", "3"])
        try network.send(3)
        #expect(capture.end(nil).exitCode == 0)
        let fields = ["-T", "fields", "-e", "frame.cap_len", "-e", "frame.len", "-e", "frame.time_epoch"]
        let lines = try Command.run(["read", file] + fields).output.split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { $0.wholeMatch(of: /64\t142\t\d+\.\d{9}/) != nil }, "\(lines)")
        for (option, sentence) in [(["-y", "PPP"], "has no link type \"PPP\""), (["--time-stamp-type", "x"], "no time stamp type \"x\""), (["-I"], "no monitor mode")] {
            let refused = try LiveCapture(in: network.right, ["-i", "right"] + option).end(nil)
            #expect(refused.exitCode == 1 && refused.errors.contains(sentence), "\(refused.errors)")
        }
    }

    @Test(arguments: [["-c", "7"], ["-a", "packets:7"]]) func stopsAfterPackets(condition: [String]) throws {
        let network = try Network()
        let file = path("count.pcap")
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-F", "pcap", "-w", file] + condition)
        try network.send(50, pauseSeconds: 0)
        let outcome = capture.end(nil)
        #expect(outcome.exitCode == 0)
        #expect(outcome.counts.prefix(2) == [7, 7])
        #expect(try numbers(file) == Array(0..<7))
    }

    @Test func stopsAfterATime() throws {
        let network = try Network()
        let file = path("time.pcapng")
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", file, "-a", "duration:1.5"])
        try network.send(3)
        #expect(capture.end(nil).exitCode == 0)
        #expect(try numbers(file) == [0, 1, 2])
    }

    @Test func stopsAtASize() throws {
        let network = try Network()
        let file = path("size.pcapng")
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", file, "-a", "filesize:20"])
        try network.send(100, byteCount: 1000, pauseSeconds: 0)
        let outcome = capture.end(nil)
        #expect(outcome.exitCode == 0)
        let size = try #require(try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
        #expect((20_000..<22_000).contains(size))
        let count = try numbers(file).count
        #expect(count == 19)
        #expect(outcome.counts.prefix(4) == [19, 19, 0, 0])
    }

    @Test func filesOfASeriesFollowEachOther() throws {
        let network = try Network()
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", path("series.pcapng"), "-b", "packets:10", "-a", "files:4"])
        try network.send(60, pauseSeconds: 0)
        #expect(capture.end(nil).exitCode == 0)
        let files = try series("series")
        #expect(files.count == 4)
        for (index, file) in files.enumerated() {
            #expect(file.wholeMatch(of: /.*capture-series_0000(\d)_20\d{12}\.pcapng/)?.1 == "\(index + 1)")
            #expect(try numbers(file) == Array(index * 10..<index * 10 + 10))
        }
    }

    @Test func aRingKeepsTheLastFiles() throws {
        let network = try Network()
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", path("ring.pcap"), "-F", "pcap", "-b", "filesize:5", "-b", "files:3", "-c", "40"])
        try network.send(40, byteCount: 1000, pauseSeconds: 0)
        #expect(capture.end(nil).exitCode == 0)
        let files = try series("ring")
        #expect(files.count == 3)
        // A record has 16 bytes, a frame 1042: five reach 5000 bytes.
        let found = try files.map { try numbers($0) }
        #expect(found.flatMap { $0 } == Array(30..<40))
        #expect(found.map(\.count) == [5, 5, 0])
    }

    @Test(arguments: ["duration:1", "interval:1"]) func filesEndWithTime(condition: String) throws {
        let network = try Network()
        let name = "timed-\(condition.prefix(3))"
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", path("\(name).pcapng"), "-b", condition, "-a", "duration:3.5"])
        try network.send(25, pauseSeconds: 0.1)
        #expect(capture.end(nil).exitCode == 0)
        let files = try series(name)
        #expect(files.count >= 3)
        #expect(try files.flatMap { try numbers($0) } == Array(0..<25))
    }

    /// Blocks are written whole, but the system may stop in the middle of a write when it kills: then the last packet is cut.
    @Test func whatIsKilledLeavesAReadableFile() throws {
        let network = try Network()
        for round in 0..<5 {
            let file = path("killed.pcapng")
            let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", file])
            try network.send(3000 + 500 * round, byteCount: 1000, pauseSeconds: 0)
            #expect(capture.end(SIGKILL).exitCode == -SIGKILL)
            let found = try numbers(file, mayBeCut: true)
            #expect(!found.isEmpty)
            #expect(found == Array(0..<found.count))
        }
    }

    @Test func aFullDiskEndsTheCapture() throws {
        let network = try Network()
        let directory = path("disk")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Network.shell("mount -t tmpfs -o size=200k tmpfs \(directory)")
        defer { _ = try? Network.shell("umount \(directory)") }
        let file = "\(directory)/full.pcapng"
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", file])
        try network.send(400, byteCount: 1000, pauseSeconds: 0)
        let outcome = capture.end(nil)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.contains("The file \"\(file)\" could not be written any further: there is no space left."))
        let found = try numbers(file)
        #expect((150..<200).contains(found.count))
        #expect(found == Array(0..<found.count))
        let counts = outcome.counts
        #expect(counts[0] == counts[1] + counts[2] + counts[3])
        #expect(counts[1] == found.count)
    }

    @Test func aDeviceThatGoesAwayEndsTheCapture() throws {
        let network = try Network()
        let file = path("down.pcapng")
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", file])
        try network.send(10)
        try capture.wait { try numbers(file).count == 10 }
        try Network.shell("ip -n \(network.right) link del right")
        let outcome = capture.end(nil)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.components(separatedBy: "The capture on \"right\" ended: ").count == 2, "said once")
        #expect(try numbers(file) == Array(0..<10))
    }

    /// As dumpcap's: it may come up again.
    @Test func aDeviceThatGoesDownIsWaitedFor() throws {
        let network = try Network()
        let file = path("down-and-up.pcapng")
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", file])
        try network.send(10)
        try capture.wait { try numbers(file).count == 10 }
        try Network.shell("ip -n \(network.right) link set right down")
        usleep(300_000)
        try Network.shell("ip -n \(network.right) link set right up")
        try capture.wait { (try? network.run(at: network.left, "ping -q -c 1 -W 1 \(Network.rightAddress)")) != nil }
        try network.send(10)
        let outcome = capture.end()
        #expect(outcome.exitCode == 0)
        #expect(try numbers(file) == Array(0..<10) + Array(0..<10))
        #expect(outcome.counts.prefix(3) == [20, 20, 0])
    }

    @Test func aSlowPrinterLosesNothingOfTheFile() throws {
        let network = try Network()
        let file = path("slow.pcapng")
        let pipe = Pipe()
        let capture = try LiveCapture(
            in: network.right, ["-i", "right", "-f", "udp", "-w", file, "-P", "-x", "--memory", "8"], output: pipe.fileHandleForWriting)
        try pipe.fileHandleForWriting.close()
        try network.send(8000, byteCount: 1400, pauseSeconds: 0)
        try capture.wait { try Network.shell("stat -c %s \(file)").trimmingCharacters(in: .newlines).count >= 8 }
        capture.signal(SIGINT)
        let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
        let outcome = capture.end(nil)
        #expect(outcome.counts.prefix(4) == [8000, 8000, 0, 0])
        #expect(try numbers(file) == Array(0..<8000))
        #expect(outcome.errors.contains("packets were written and not printed"))
        #expect(!text.isEmpty)
    }

    @Test func aPrinterThatBreaksDownLeavesTheCapture() throws {
        let network = try Network()
        let file = path("broken.pcapng")
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-f", "udp", "-w", file, "-P"])
        try network.send(5)
        try capture.wait { capture.output.split(separator: "\n").count == 5 }
        try Network.shell("kill -KILL $(cat /proc/\(capture.pid)/task/*/children)")
        try network.send(5)
        let outcome = capture.end()
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.contains("The process that printed packets broke down; what was captured is written."))
        #expect(try numbers(file) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    }

    /// As pyshark calls it.
    @Test func tsharkCaptures() throws {
        let network = try Network()
        let link = path("tshark")
        try FileManager.default.createDirectory(atPath: link, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(link)/tshark", withDestinationPath: Command.executable.path)
        let capture = try LiveCapture(in: network.right, as: "\(link)/tshark", ["-l", "-n", "-T", "pdml", "-i", "right", "-f", "udp", "-c", "2"])
        try network.send(2)
        let outcome = capture.end(nil)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.split(separator: "\n").count { $0 == "<packet>" } == 2)
        #expect(outcome.output.hasSuffix("</pdml>\n"))
        #expect(outcome.errors.contains("2 packets captured"))
    }

    /// Wireshark's own tshark looks for dumpcap beside itself.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tshark"), "There is no tshark here"))
    func wiresharksTsharkCapturesThroughIt() throws {
        let network = try Network()
        let directory = path("beside")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Network.shell("cp /usr/bin/tshark \(directory)/tshark; ln -s \(Command.executable.path) \(directory)/dumpcap")
        let capture = try LiveCapture(
            in: network.right, as: "\(directory)/tshark", ["-i", "right", "-f", "udp", "-c", "3", "-T", "fields", "-e", "frame.number", "-e", "udp.dstport"])
        while capture.isRunning { try network.send(1) }
        let outcome = capture.end(nil)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.output == "1\t4000\n2\t4000\n3\t4000\n")
        #expect(outcome.errors.contains("3 packets captured"))
    }

    /// With neither a file nor a device, tshark captures on the first.
    @Test(arguments: [[], ["udp"]]) func tsharkNeedsNoDevice(filter: [String]) throws {
        let network = try Network()
        let link = path("bin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: link, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(link)/tshark", withDestinationPath: Command.executable.path)
        // Devices that are up and running come first.
        for _ in 0..<100 where try !network.run(at: network.right, "\(link)/tshark -D").hasPrefix("1. right") { usleep(50_000) }
        let capture = try LiveCapture(in: network.right, as: "\(link)/tshark", ["-l", "-a", "packets:2"] + filter)
        try network.send(2)
        let outcome = capture.end(nil)
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors.contains("Capturing on 'right'"))
        #expect(outcome.output.split(separator: "\n").count == 2)
    }

    /// While packets are written and not printed, a terminal shows how it goes, and nothing but a terminal does.
    @Test(arguments: [true, false]) func aLineShowsHowItGoes(isTerminal: Bool) throws {
        let network = try Network()
        let file = path("line.pcapng")
        let program = try Captures.write("terminal.py", Data("""
            import os, pty, signal, subprocess, sys, time
            ours, theirs = pty.openpty() if \(isTerminal ? "True" : "False") else os.pipe()
            capture = subprocess.Popen(["\(Command.executable.path)", "capture", "-i", "right", "-f", "udp", "-w", "\(file)"], stderr=theirs)
            os.close(theirs)
            time.sleep(2)
            capture.send_signal(signal.SIGINT)
            text = b""
            try:
                while part := os.read(ours, 65536):
                    text += part
            except OSError:
                pass
            sys.stdout.write(text.decode())
            """.utf8))
        let text = try network.run(at: network.right, "python3 \(program)")
        #expect(text.contains(/\r\d+ packets, \d+\/s, \d+\.\d MB, 0 dropped, 1 s/) == isTerminal)
        #expect(text.contains("0 packets received: 0 written"))
    }

    /// What either process can do once it has what it needs, tried in both. Of the capturing one that is to make more files beside its own.
    @Test(.enabled(if: ForeignCalls.arePossible, "Other processes cannot be looked into here"), arguments: [false, true])
    func neitherProcessOpensAnything(isSeries: Bool) throws {
        let probe = Command.executable.deletingLastPathComponent().appendingPathComponent("confinement-probe").path
        // Kernels without Landlock tell no directory from another.
        guard try Network.shell("\(probe) /dev/null").contains("files 0\n") else { return }
        let network = try Network()
        let directory = path("output-\(isSeries)")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let capture = try LiveCapture(
            in: network.right, ["-i", "right", "-f", "udp", "-w", "\(directory)/file.pcapng", "-P"] + (isSeries ? ["-b", "packets:2"] : []))
        try network.send(3)
        try capture.wait { capture.output.split(separator: "\n").count == 3 }
        let printer = try #require(Int32(try Network.shell("cat /proc/\(capture.pid)/task/*/children").trimmingCharacters(in: .whitespacesAndNewlines)))
        let calls: [ForeignCalls.Call] = [
            .openForReading("/etc/passwd"), .create(path("outside-\(isSeries)")), .create("\(directory)/more"), .socket(AF_INET), .socket(AF_UNIX),
        ]
        let refused = -Int(EACCES)
        var capturing = try ForeignCalls.results(in: capture.pid, calls)
        if isSeries, capturing.count == calls.count, capturing[2] >= 0 { capturing[2] = 0 }
        #expect(capturing == [refused, refused, isSeries ? 0 : refused, refused, refused])
        #expect(try ForeignCalls.results(in: printer, calls) == [refused, refused, refused, refused, refused])
        for process in [capture.pid, printer] {
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            #expect(status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2"))
            // Root makes files in directories of others; Landlock says in which.
            let capabilities = isSeries ? "0000000000000002" : "0000000000000000"
            #expect(status.contains("CapEff:\t\(capabilities)") && status.contains("CapPrm:\t\(capabilities)"))
        }
        // Neither has noticed.
        try network.send(3)
        try capture.wait { capture.output.split(separator: "\n").count == 6 }
        #expect(capture.end().exitCode == 0)
    }

    /// Hours later nobody would see it.
    @Test func aUserWhoCannotMakeTheNextFileIsRefused() throws {
        let network = try Network()
        let directory = path("roots")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        let capture = try LiveCapture(in: network.right, ["-i", "right", "-w", "\(directory)/x.pcap", "-b", "packets:1", "-Z", "nobody"])
        let outcome = capture.end(nil)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.contains("The user nobody, who makes the files after the first, may not write to \"\(directory)\""))
    }

    @Test func rightsAreGivenUp() throws {
        let network = try Network()
        let file = path("rights.pcapng")
        let capture = try LiveCapture(
            in: network.right, ["-i", "right", "-f", "udp", "-w", file, "-P"], environment: ["SUDO_UID": "65534", "SUDO_GID": "65534"])
        try network.send(1)
        try capture.wait { !capture.output.isEmpty }
        let status = try String(contentsOfFile: "/proc/\(capture.pid)/status", encoding: .utf8)
        #expect(status.contains("Uid:\t65534\t65534\t65534\t65534"))
        #expect(status.contains("Gid:\t65534\t65534\t65534\t65534"))
        #expect(status.contains("CapEff:\t0000000000000000"))
        #expect(status.contains("NoNewPrivs:\t1"))
        let printer = try Network.shell("cat /proc/\(capture.pid)/task/*/children").trimmingCharacters(in: .whitespacesAndNewlines)
        let printerStatus = try String(contentsOfFile: "/proc/\(printer)/status", encoding: .utf8)
        #expect(printerStatus.contains("Uid:\t65534\t65534\t65534\t65534"))
        #expect(printerStatus.contains("Seccomp:\t2"))
        #expect(try Network.shell("ls /proc/\(printer)/fd").split(separator: "\n") == ["0", "1", "2"])
        #expect(capture.end().exitCode == 0)
        #expect(try Network.shell("stat -c %u \(file)") == "65534\n")
        #expect(try numbers(file) == [0])
    }
}
