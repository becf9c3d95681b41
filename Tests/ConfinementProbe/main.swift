// Gives up what a dissecting process gives up, tries to do it nevertheless, and says a line about each attempt.
// confinement-probe FILE [DIRECTORY]: a file to read, and a directory that may be written to.
import CShims

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

func report(_ what: String, _ result: Int32) { print("\(what) \(result >= 0 ? "works" : "is refused")") }

let file = CommandLine.arguments[1]
let directory = CommandLine.arguments.count > 2 ? CommandLine.arguments[2] : nil
let descriptors = directory.map { [open($0, O_RDONLY | O_DIRECTORY)] } ?? []
report("reading before", open(file, O_RDONLY))
#if canImport(Glibc)
report("a socket before", socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
#endif

print("privileges \(shims_renounce_new_privileges())")
print("files \(shims_confine_files(descriptors, descriptors.count, nil, 0))")
print("calls \(shims_confine_calls(descriptors.isEmpty ? 1 : 0))")

report("reading", open(file, O_RDONLY))
report("writing", open("/tmp/confinement-probe-\(getpid())", O_WRONLY | O_CREAT, 0o600))
if let directory { report("writing there", open("\(directory)/made", O_WRONLY | O_CREAT, 0o600)) }
#if canImport(Glibc)
report("a socket", socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
report("a local socket", socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
#endif
var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
report("a program", execv("/bin/true", &arguments))
