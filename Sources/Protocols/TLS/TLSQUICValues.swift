import Dissection

/// Names of QUIC's transport parameters and versions, as far as TLS carries them (RFC 9000, section 18).
enum TLSQUICValues {
    static let parameters = ValueStrings([
        (0x00, "original_destination_connection_id"), (0x01, "max_idle_timeout"), (0x02, "stateless_reset_token"),
        (0x03, "max_udp_payload_size"), (0x04, "initial_max_data"), (0x05, "initial_max_stream_data_bidi_local"),
        (0x06, "initial_max_stream_data_bidi_remote"), (0x07, "initial_max_stream_data_uni"), (0x08, "initial_max_streams_bidi"),
        (0x09, "initial_max_streams_uni"), (0x0a, "ack_delay_exponent"), (0x0b, "max_ack_delay"), (0x0c, "disable_active_migration"),
        (0x0d, "preferred_address"), (0x0e, "active_connection_id_limit"), (0x0f, "initial_source_connection_id"),
        (0x10, "retry_source_connection_id"), (0x11, "version_information"), (0x20, "max_datagram_frame_size"),
        (0x1000, "cibir_encoding"), (0x1057, "loss_bits"), (0x2ab2, "grease_quic_bit"), (0x7157, "enable_time_stamp"),
        (0x7158, "enable_time_stamp_v2"), (0xde1a, "min_ack_delay"), (0x3127, "google_initial_rtt"), (0x3128, "google_connection_options"),
        (0x3129, "google_user_agent"), (0x312a, "google_support_handshake_done"), (0x312b, "google_key_update_not_yet_supported"), (0x4752, "google_quic_version"),
        (0xff00, "facebook_partial_reliability"), (0xff73db, "version_information_draft"),
    ])
    static let versions = ValueStrings(ranges: [
        (0x00000000...0x00000000, "Version Negotiation"), (0x00000001...0x00000001, "1"), (0x45474700...0x454747ff, "Quant"),
        (0x50435130...0x50435131, "Picoquic internal"), (0x50524f58...0x50524f58, "Proxied QUIC (PROX)"),
        (0x51303433...0x51303433, "Google Q043"), (0x51303434...0x51303434, "Google Q044"), (0x51303436...0x51303436, "Google Q046"),
        (0x51303530...0x51303530, "Google Q050"), (0x51474f00...0x51474fff, "QGO (QUIC GO)"), (0x54303530...0x54303530, "Google T050"),
        (0x54303531...0x54303531, "Google T051"), (0x91c17000...0x91c170ff, "Quicly"), (0xabcd0000...0xabcd000f, "MsQuic"),
        (0xf0f0f0f0...0xf0f0f0ff, "ETH Zürich (Measurability experiments)"),
        (0xf0f0f1f0...0xf0f0f1ff, "Telecom Italia (Measurability experiments)"), (0xf123f0c0...0xf123f0cf, "MozQuic"),
        (0xfaceb001...0xfaceb001, "Facebook mvfst (draft-22)"), (0xfaceb002...0xfaceb002, "Facebook mvfst (draft-27)"),
        (0xfaceb003...0xfaceb00d, "Facebook mvfst"), (0xfaceb00e...0xfaceb00e, "Facebook mvfst (Experimental)"),
        (0xfaceb00f...0xfaceb00f, "Facebook mvfst"), (0xff000004...0xff000004, "draft-04"), (0xff000005...0xff000005, "draft-05"),
        (0xff000006...0xff000006, "draft-06"), (0xff000007...0xff000007, "draft-07"), (0xff000008...0xff000008, "draft-08"),
        (0xff000009...0xff000009, "draft-09"), (0xff00000a...0xff00000a, "draft-10"), (0xff00000b...0xff00000b, "draft-11"),
        (0xff00000c...0xff00000c, "draft-12"), (0xff00000d...0xff00000d, "draft-13"), (0xff00000e...0xff00000e, "draft-14"),
        (0xff00000f...0xff00000f, "draft-15"), (0xff000010...0xff000010, "draft-16"), (0xff000011...0xff000011, "draft-17"),
        (0xff000012...0xff000012, "draft-18"), (0xff000013...0xff000013, "draft-19"), (0xff000014...0xff000014, "draft-20"),
        (0xff000015...0xff000015, "draft-21"), (0xff000016...0xff000016, "draft-22"), (0xff000017...0xff000017, "draft-23"),
        (0xff000018...0xff000018, "draft-24"), (0xff000019...0xff000019, "draft-25"), (0xff00001a...0xff00001a, "draft-26"),
        (0xff00001b...0xff00001b, "draft-27"), (0xff00001c...0xff00001c, "draft-28"), (0xff00001d...0xff00001d, "draft-29"),
        (0xff00001e...0xff00001e, "draft-30"), (0xff00001f...0xff00001f, "draft-31"), (0xff000020...0xff000020, "draft-32"),
        (0xff000021...0xff000021, "draft-33"), (0xff000022...0xff000022, "draft-34"), (0xff020000...0xff020000, "v2-draft-00"),
        (0x709a50c4...0x709a50c4, "v2-draft-01"), (0x6b3343cf...0x6b3343cf, "2"),
    ])
    static let timestamps = ValueStrings([
        (1, "I would like to receive TIME_STAMP frames"), (2, "I am able to generate TIME_STAMP frames"),
        (3, "I am able to generate TIME_STAMP frames and I would like to receive them"),
    ])
}
