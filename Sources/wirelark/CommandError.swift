import Capture
import CaptureFile

/// A sentence for the user, and what the process exits with. The numbers are tshark's.
struct CommandError: Error {
    /// What was asked for makes no sense.
    static let usageExitCode: Int32 = 1
    /// A bad filter, or a file that cannot be read or written.
    static let failureExitCode: Int32 = 2

    var message: String
    var exitCode: Int32

    static func usage(_ message: String) -> Self { Self(message: message, exitCode: usageExitCode) }
    static func failure(_ message: String) -> Self { Self(message: message, exitCode: failureExitCode) }

    init(message: String, exitCode: Int32) {
        self.message = message
        self.exitCode = exitCode
    }

    private static func sentence(_ error: CaptureError) -> String {
        guard error.kind == .notPermitted else { return error.description }
        return "\(error.description) Be root, or let this program capture for everybody: \(UnprivilegedUser.permissionCommand)"
    }

    /// The sentence that the libraries have for an error.
    init(_ error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as CaptureFileError: self.init(message: error.description, exitCode: error.exitCode)
        case let error as CaptureError: self = error.kind == .ended ? .failure(error.description) : .usage(Self.sentence(error))
        case let error as BPFError: self = .usage(error.description)
        default: self = .failure("\(error)")
        }
    }
}
