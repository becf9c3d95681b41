import Dissection

/// Names of [MS-NLMP].
enum NTLMNames {
    /// Section 2.2.2.5.
    static let flags: [FlagWord.Part] = [
        .flag("negotiate56", "Negotiate 56", 0x8000_0000),
        .flag("negotiatekeyexch", "Negotiate Key Exchange", 0x4000_0000),
        .flag("negotiate128", "Negotiate 128", 0x2000_0000),
        .flag("negotiatent10000000", "Negotiate 0x10000000", 0x1000_0000),
        .flag("negotiatent08000000", "Negotiate 0x08000000", 0x0800_0000),
        .flag("negotiatent04000000", "Negotiate 0x04000000", 0x0400_0000),
        .flag("negotiateversion", "Negotiate Version", 0x0200_0000),
        .flag("negotiatent01000000", "Negotiate 0x01000000", 0x0100_0000),
        .flag("negotiatetargetinfo", "Negotiate Target Info", 0x0080_0000),
        .flag("requestnonntsession", "Request Non-NT Session", 0x0040_0000),
        .flag("negotiatent00200000", "Negotiate 0x00200000", 0x0020_0000),
        .flag("negotiateidentify", "Negotiate Identify", 0x0010_0000),
        .flag("negotiatentlm2", "Negotiate Extended Security", 0x0008_0000),
        .flag("targettypeshare", "Target Type Share", 0x0004_0000),
        .flag("targettypeserver", "Target Type Server", 0x0002_0000),
        .flag("targettypedomain", "Target Type Domain", 0x0001_0000),
        .flag("negotiatealwayssign", "Negotiate Always Sign", 0x0000_8000),
        .flag("negotiate00004000", "Negotiate 0x00004000", 0x0000_4000),
        .flag("negotiateoemworkstationsupplied", "Negotiate OEM Workstation Supplied", 0x0000_2000),
        .flag("negotiateoemdomainsupplied", "Negotiate OEM Domain Supplied", 0x0000_1000),
        .flag("negotiateanonymous", "Negotiate Anonymous", 0x0000_0800),
        .flag("negotiatentonly", "Negotiate NT Only", 0x0000_0400),
        .flag("negotiatentlm", "Negotiate NTLM key", 0x0000_0200),
        .flag("negotiate00000100", "Negotiate 0x00000100", 0x0000_0100),
        .flag("negotiatelmkey", "Negotiate Lan Manager Key", 0x0000_0080),
        .flag("negotiatedatagram", "Negotiate Datagram", 0x0000_0040),
        .flag("negotiateseal", "Negotiate Seal", 0x0000_0020),
        .flag("negotiatesign", "Negotiate Sign", 0x0000_0010),
        .flag("negotiate00000008", "Request 0x00000008", 0x0000_0008),
        .flag("requesttarget", "Request Target", 0x0000_0004),
        .flag("negotiateoem", "Negotiate OEM", 0x0000_0002),
        .flag("negotiateunicode", "Negotiate UNICODE", 0x0000_0001),
    ]

    /// What an item of a list is: section 2.2.2.1.
    static let pairs = ValueStrings([
        (0, "End of list"), (1, "NetBIOS computer name"), (2, "NetBIOS domain name"), (3, "DNS computer name"), (4, "DNS domain name"),
        (5, "DNS tree name"), (6, "Flags"), (7, "Timestamp"), (8, "Restrictions"), (9, "Target Name"), (10, "Channel Bindings"),
    ])
}
