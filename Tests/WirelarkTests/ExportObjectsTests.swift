import Foundation
import TestSupport
import Testing

@Suite struct ExportObjectsTests {
    /// Requests, and what each is answered with, over one conversation.
    private func capture(_ exchanges: [(request: String, response: String)]) throws -> String {
        var segments = Segments()
        segments.open()
        var (first, second): (UInt32, UInt32) = (101, 501)
        for (request, response) in exchanges {
            if !request.isEmpty { segments.add(.first, first, second, "PA", request) }
            first += UInt32(request.utf8.count)
            segments.add(.second, second, first, "PA", response)
            second += UInt32(response.utf8.count)
        }
        return try Captures.write("objects-\(UUID().uuidString).pcap", segments.capture)
    }

    private func get(_ uri: String, _ body: String, _ header: String = "Content-Type: text/plain\r\n") -> (String, String) {
        ("GET \(uri) HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\n\(header)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    private func directory() throws -> URL {
        let url = Captures.directory.appendingPathComponent("objects-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    private func contents(_ directory: URL) throws -> [String: String] {
        try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil).reduce(into: [:]) {
            $0[$1.lastPathComponent] = (try? String(contentsOf: $1, encoding: .utf8)) ?? ""
        }
    }

    private func export(_ file: String, to directory: URL) throws -> [String: String] {
        let outcome = try Command.read(file, "-q", "--export-objects", "http,\(directory.path)")
        #expect(outcome.exitCode == 0 && outcome.errors == "" && outcome.output == "")
        return try contents(directory)
    }

    private static let uris = [
        "/", "/a/b.html", "/a/b.html", "/x?y=1&z=2", "/x?y=/z", "/..", "/.", "/a/../../etc/passwd", "/..%2f..%2fpasswd", "/back\\slash:\"*<>|", "/.hidden",
        "/.hidden", "/a.tar.gz", "/a.tar.gz", "/dir/", "*", "/control\u{1}\u{1b}[31m", "/\(String(repeating: "n", count: 300)).txt",
        "/\(String(repeating: "n", count: 300)).txt", "/été", "http://other/abs.js", "/-rf",
    ]

    @Test func namesAreSafe() throws {
        let found = try export(capture(Self.uris.enumerated().map { get($1, "body \($0)") }), to: directory())
        #expect(found.count == Self.uris.count)
        for name in found.keys { #expect(name.utf8.count <= 255 && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }) }
        #expect(found["%2f"] == "body 0" && found["b.html"] == "body 1" && found["b(1).html"] == "body 2" && found["passwd"] == "body 7")
        #expect(found[".(1)."] == "body 5" && found["(1)."] == "body 6" && found["..%2f..%2fpasswd"] == "body 8")
    }

    @Test(.enabled(if: Tshark.isInstalled)) func tsharkWritesTheSame() throws {
        let odd = [
            ("", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 6\r\n\r\norphan"),
            ("POST /form HTTP/1.1\r\nContent-Length: 3\r\n\r\na=b", "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n"),
            ("HEAD /head HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"), ("GET /none HTTP/1.1\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"),
        ]
        for exchanges in [odd, Self.uris.enumerated().map { get($1, "body \($0)") }] {
            let file = try capture(exchanges)
            let theirs = try directory()
            _ = try Tshark.output(of: file, ["-q", "--export-objects", "http,\(theirs.path)"])
            #expect(try export(file, to: directory()) == contents(theirs))
        }
    }

    /// Not through links either.
    @Test func nothingIsOverwritten() throws {
        let (directory, outside) = (try directory(), try directory().appendingPathComponent("outside"))
        try "mine".write(to: directory.appendingPathComponent("a"), atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(at: directory.appendingPathComponent("b"), withDestinationURL: outside)
        let file = try capture([get("/a", "theirs"), get("/b", "through the link")])
        let found = try export(file, to: directory)
        #expect(found["a"] == "mine" && found["a(1)"] == "theirs" && found["b(1)"] == "through the link")
        #expect(!FileManager.default.fileExists(atPath: outside.path))
        #expect(try export(file, to: directory)["a(2)"] == "theirs")
    }

    @Test func whatIsNotValidIsSaid() throws {
        let file = try capture([get("/a", "body")])
        for (argument, code) in [("http", 1), ("http,", 1), ("smb,x", 1), ("http,/nonexistent/x", 2), ("http,\(file)", 2)] {
            let outcome = try Command.read(file, "-q", "--export-objects", argument)
            #expect(outcome.exitCode == code && outcome.errors.hasPrefix("wirelark: ") && outcome.errors.hasSuffix(".\n"), "\(argument): \(outcome.errors)")
        }
    }
}
