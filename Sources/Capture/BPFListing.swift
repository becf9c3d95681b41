import CPcap

/// A capture filter's code for people, as dumpcap's -d prints it.
public enum BPFListing {
    public static func lines(device: CaptureDevice, _ options: DeviceOptions) throws(CaptureError) -> [String] {
        let handle = try PcapHandle.open(device.name, options)
        defer { pcap_close(handle) }
        var program = bpf_program()
        guard pcap_compile(handle, &program, options.filter, 1, .max) == 0 else {
            throw CaptureError(.refused, BPFError(options.filter, refusedBy: handle).description)
        }
        defer { pcap_freecode(&program) }
        return UnsafeBufferPointer(start: program.bf_insns, count: Int(program.bf_len)).enumerated().map { index, instruction in
            var instruction = instruction
            return String(cString: bpf_image(&instruction, Int32(index)))
        }
    }
}
