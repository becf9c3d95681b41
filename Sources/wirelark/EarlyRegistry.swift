import Dissection
import Synchronization
import Threading

/// The registry that most runs need, made by a thread of its own while the options are parsed, which takes as long.
final class EarlyRegistry: Sendable {
    private static let started = Mutex<EarlyRegistry?>(nil)

    private let monitor = Monitor()
    /// The registry, or what was wrong.
    private let made = Mutex<Result<Registry, any Error>?>(nil)

    /// Begins to make it, if the command will read a capture. Not before a process confines itself: what a thread does that was there
    /// before is not confined.
    static func start(for arguments: [String]) {
        guard arguments.contains("-r") || arguments.first == "read", !arguments.contains("--confined") else { return }
        let early = EarlyRegistry()
        if startThread({ early.make() }) { started.withLock { $0 = early } }
    }

    /// The registry with these settings, where it was begun and they are what it was made with.
    static func registry(_ settings: RegistrySettings) -> Registry? {
        settings.isStandard ? started.withLock { $0 }?.wait() : nil
    }

    private func make() {
        let result = Result { try ReadSettings.standardRegistry() }
        monitor.locked {
            made.withLock { $0 = result }
            monitor.wakeAll()
        }
    }

    private func wait() -> Registry? {
        monitor.locked {
            while made.withLock({ $0 == nil }) { monitor.wait() }
            return made.withLock { try? $0?.get() }
        }
    }
}
