/// A line on standard error.
enum Complaint {
    static func print(_ message: String) { StandardError.write("wirelark: \(message)\n") }
}
