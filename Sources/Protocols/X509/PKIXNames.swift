import Dissection

/// Names from the registries of IANA that extensions refer to.
enum PKIXNames {
    /// Address Family Numbers.
    static let addressFamilies = ValueStrings([
        (0, "Reserved"), (1, "IPv4"), (2, "IPv6"), (3, "NSAP"), (4, "HDLC (8-bit multidrop)"), (5, "BBN 1822"),
        (6, "802 (includes all 802 media plus Ethernet)"), (7, "E.163"), (8, "E.164 (SMDS, Frame Relay, ATM)"), (9, "F.69 (Telex)"),
        (10, "X.121 (X.25, Frame Relay)"), (11, "IPX"), (12, "Appletalk"), (13, "Decnet IV"), (14, "Banyan Vines"),
        (15, "E.164 with NSAP subaddress"), (16, "DNS (Domain Name System)"), (17, "Distinguished Name"), (18, "AS Number"),
        (19, "XTP over IP version 4"), (20, "XTP over IP version 6"), (21, "XTP native mode XTP"),
        (22, "Fibre Channel World-Wide Port Name"), (23, "Fibre Channel World-Wide Node Name"), (24, "GWID"), (25, "Layer-2 VPN"),
        (26, "MPLS-TP Section Endpoint Identifier"), (27, "MPLS-TP LSP Endpoint Identifier"),
        (28, "MPLS-TP Pseudowire Endpoint Identifier"), (29, "MT IP: Multi-Topology IP version 4"),
        (30, "MT IPv6: Multi-Topology IP version 6"), (196, "Layer-2 VPN (old)"), (16384, "EIGRP Common Service Family"),
        (16385, "EIGRP IPv4 Service Family"), (16386, "EIGRP IPv6 Service Family"), (16387, "LISP Canonical Address Format (LCAF)"),
        (16388, "BGP-LS"), (16389, "48-bit MAC Address"), (16390, "64-bit MAC Address"), (16391, "OUI"), (16392, "MAC/24"),
        (16393, "MAC/40"), (16394, "IPv6/64"), (16395, "RBridge Port ID"), (16396, "TRILL Nickname"), (65535, "Reserved"),
    ])

    /// TLS ExtensionType Values.
    static let tlsExtensions = ValueStrings([
        (0, "server_name"), (1, "max_fragment_length"), (2, "client_certificate_url"), (3, "trusted_ca_keys"), (4, "truncated_hmac"),
        (5, "status_request"), (6, "user_mapping"), (7, "client_authz"), (8, "server_authz"), (9, "cert_type"),
        (10, "supported_groups"), (11, "ec_point_formats"), (12, "srp"), (13, "signature_algorithms"), (14, "use_srtp"),
        (15, "heartbeat"), (16, "application_layer_protocol_negotiation"), (17, "status_request_v2"),
        (18, "signed_certificate_timestamp"), (19, "client_certificate_type"), (20, "server_certificate_type"), (21, "padding"),
        (22, "encrypt_then_mac"), (23, "extended_master_secret"), (24, "token_binding"), (25, "cached_info"),
        (27, "compress_certificate"), (28, "record_size_limit"), (34, "delegated_credentials"), (35, "session_ticket"),
        (40, "Reserved (key_share)"), (41, "pre_shared_key"), (42, "early_data"), (43, "supported_versions"), (44, "cookie"),
        (45, "psk_key_exchange_modes"), (46, "Reserved (ticket_early_data_info)"), (47, "certificate_authorities"),
        (48, "oid_filters"), (49, "post_handshake_auth"), (50, "signature_algorithms_cert"), (51, "key_share"),
        (52, "transparency_info"), (53, "connection_id (deprecated)"), (54, "connection_id"), (55, "external_id_hash"),
        (56, "external_session_id"), (57, "quic_transport_parameters"), (58, "ticket_request"), (59, "dnssec_chain"),
        (2570, "Reserved (GREASE)"), (6682, "Reserved (GREASE)"), (10794, "Reserved (GREASE)"), (13172, "next_protocol_negotiation"),
        (14906, "Reserved (GREASE)"), (17513, "application_settings"), (19018, "Reserved (GREASE)"), (23130, "Reserved (GREASE)"),
        (27242, "Reserved (GREASE)"), (30031, "channel_id_old"), (30032, "channel_id"), (31354, "Reserved (GREASE)"),
        (35466, "Reserved (GREASE)"), (39578, "Reserved (GREASE)"), (43690, "Reserved (GREASE)"), (47802, "Reserved (GREASE)"),
        (51914, "Reserved (GREASE)"), (56026, "Reserved (GREASE)"), (60138, "Reserved (GREASE)"), (64250, "Reserved (GREASE)"),
        (65281, "renegotiation_info"), (65445, "quic_transport_parameters (drafts version)"), (65486, "encrypted_server_name"),
    ])
}
