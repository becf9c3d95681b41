@testable import CaptureTools
import Testing

/// The test values that its authors publish.
@Suite struct RIPEMD160Tests {
    @Test(arguments: [
        ("", "9c1185a5c5e9fc54612808977ee8f548b2258d31"), ("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        ("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b"),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "b0e20b6e3116640286ed3a87a5713079b21f5189"),
        (String(repeating: "1234567890", count: 8), "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
    ])
    func published(text: String, digest: String) {
        for split in [0, 1, text.utf8.count / 2] {
            var hash = RIPEMD160()
            let bytes = Array(text.utf8)
            Array(bytes.prefix(split)).withUnsafeBytes { hash.update($0) }
            Array(bytes.dropFirst(split)).withUnsafeBytes { hash.update($0) }
            #expect(hexText(hash.finalize()) == digest)
        }
    }
}
