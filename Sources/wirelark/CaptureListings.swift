import Capture

/// `-D`, `-L` and `--list-time-stamp-types`.
enum CaptureListings {
    /// Prints what is asked for; false if nothing is.
    /// - Parameter isTerse: for programs, in dumpcap's way.
    static func print(_ options: SourceOptions, _ arguments: CaptureArguments, isTerse: Bool) throws -> Bool {
        do {
            if options.listsDevices {
                try printDevices(isTerse)
            } else if options.listsLinkTypes || options.listsTimestampTypes {
                let names = try options.interfaces.isEmpty ? [CaptureDevice.preferred().name] : options.interfaces
                for name in names { try print(try CaptureDevice.named(name), options, arguments, isTerse) }
            } else {
                return false
            }
        } catch let error as CaptureError {
            throw CommandError(error)
        }
        return true
    }

    private static func printDevices(_ isTerse: Bool) throws {
        for (index, device) in try CaptureDevice.all().enumerated() {
            if isTerse {
                Swift.print("\(index + 1). \(device.name)\t\t\(device.description ?? "")\t\(number(device.medium))\t\(device.addresses.joined(separator: ","))\t\(device.medium == .loopback ? "loopback" : "network")\t")
            } else {
                Swift.print("\(index + 1). \(device.name)\(device.description.map { " (\($0))" } ?? "")")
            }
        }
    }

    /// dumpcap's numbers.
    private static func number(_ medium: CaptureDevice.Medium) -> Int {
        switch medium {
        case .network, .loopback, .other: 0
        case .bluetooth: 4
        case .wireless: 5
        case .usb: 7
        }
    }

    private static func print(_ device: CaptureDevice, _ options: SourceOptions, _ arguments: CaptureArguments, _ isTerse: Bool) throws {
        let isMonitor = !Set(arguments.shared + arguments.interfaces.flatMap(\.options)).isDisjoint(with: ["-I", "--monitor-mode"])
        let listing = try CaptureListing(of: device, isMonitor: isMonitor)
        if isTerse {
            Swift.print(listing.hasMonitorMode ? "1" : "0")
            for type in listing.linkTypes { Swift.print("\(type.number)\t\(type.name)\t\(type.description)") }
            return
        }
        if options.listsLinkTypes {
            Swift.print("Data link types of interface \(device.name) (use option -y to set):")
            for type in listing.linkTypes { Swift.print("  \(type.name) (\(type.description))") }
        }
        if options.listsTimestampTypes {
            Swift.print("\(options.listsLinkTypes ? "\n" : "")Timestamp types of the interface (use option --time-stamp-type to set):")
            for type in listing.timestampTypes { Swift.print("  \(type.name) (\(type.description))") }
        }
    }
}
