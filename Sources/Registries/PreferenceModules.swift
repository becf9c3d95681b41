// Made by Scripts/make-registries.

/// The modules of Wireshark's preferences, one a line: a name, and the names of the preferences in it.
let preferenceModules = """
    2dparityfec enable
    6lowpan context0 context1 context10 context11 context12 context13 context14 context15 context2 context3 context4 context5 context6 context7 context8 context9 iid_has_universal_local_bit rfc4944_short_address_format summary_in_tree
    acf-can try_heuristic_first
    acn dmx_display_leading_zeros dmx_display_line_format dmx_display_view dmx_display_zeros dmx_enable
    adb_cs server_port
    adb_service framebuffer_more_details
    adwin dissect_data
    aeron reassemble_fragments sequence_analysis stream_analysis use_heuristic_subdissectors
    afs defragment
    aim desegment
    alc lct.codepoint_as_fec_id lct.ext.192 lct.ext.193
    alcap leg_info
    amqp tls.port
    amr encoding.version mode
    ansi_a_bsmap global_variant top_display_mid_so
    ansi_map map.ssn transaction.matchtype
    ansi_tcap transaction.matchtype
    aol desegment
    aprs showaprslax
    arp detect_duplicate_ips detect_request_storms detect_storm_number_of_packets detect_storm_period register_network_address_binding
    asterix i001_version i002_version i004_version i008_version i009_version i010_version i011_version i015_version i016_version i018_version i019_version i020_version i021_version i023_version i025_version i032_version i034_version i048_version i062_version i063_version i065_version i240_version i247_version
    at role
    atm dissect_lane_as_sscop
    atp desegment
    autosar-nm can_id can_id_mask cbv_position cbv_version ipdum.pdu.id pdu_transport.ids sni_position
    ax25_kiss showcksum
    ax25_nol3 showaprs showcluster
    batadv batmanadv.ethertype
    beep strict_header_terminator
    ber decode_octetstring decode_primitive decode_unexpected show_internals warn_too_many_bytes
    bgp asn_len desegment
    bitcoin desegment
    bittorrent decode_client desegment
    blip max_uncompressed_size
    bmp desegment
    bpv7 bp_compute_crc bp_payload_try_heur bp_reassemble_payload
    bssap default_protocol
    bt-utp analyze_sequence_numbers enable_version0 max_window_size
    bta2dp a2dp.codec a2dp.content_protection.scms_t
    btbnep bnep.top_dissect
    bthci_acl hci_acl_reassembly
    bthci_iso hci_iso_reassembly
    bthcrp hcrp.control.psm hcrp.data.psm hcrp.force_client hcrp.notification.psm
    bthfp hfp.hfp_role
    bthid hid.deprecated
    bthsp hsp.hsp_role
    btle detect_retransmit
    btrfcomm rfcomm.decode_by.enabled
    btsap sap.top_dissect
    btsnoop dissect_next_layer
    btvdp vdp.codec vdp.content_protection.scms_t
    bzr desegment
    c1222 baseoid big_endian decrypt desegment
    camel date.format persistentsrt tcap.ssn
    can byte_swap try_heuristic_first
    capture auto_scroll columns device devices_buffersize devices_descr devices_filter devices_hide devices_linktypes devices_monitor_mode devices_pmode devices_snaplen no_extcap no_interface_load pcap_ng prom_mode real_time_update show_info
    capwap draft_8_cisco reassemble swap_fc
    cast reassembly
    cattp checksum
    ccsds global_pref_checkword
    cesoeth rtp_header rtp_header_heuristic
    cflow desegment ipfix.ports max_template_fields netflow.ports
    cfp check_fcs
    chdlc fcs_type
    cigi byte_order host ig version
    cip enhanced_info_column
    cipm display_full_attribute_data
    clnp always_decode_transport decode_atn_options reassemble tp_nsap_selector
    cmp desegment http_alternate_port tcp_style_http_alternate_port
    communityid do_base64 seed
    console incomplete_dissectors_check_debug
    cops desegment packetcable
    corosync_totemnet private_keys
    cotp decode_atn reassemble tsap_display
    couchbase desegment_pdus tls.port
    cp2179 telnetclean
    cpfi arrow_ctl udp.port2
    data datapref.newpane md5_hash show_as_text uncompress_data
    db-lsp desegment_pdus try_heuristic
    dccp check_checksum relative_sequence_numbers summary_in_tree try_heuristic_first
    dcerpc desegment_dcerpc reassemble_dcerpc
    dcom display_unmarshalling_details
    dct2000 convert_old_protocol_names decode_lte_rrc decode_mac_lte_oob_messages ipprim_heuristic sctpprim_heuristic use_protocol_name_as_dissector_name
    dhcp novellserverstring pkt.ccc.option pkt.ccc.protocol_version uuid.endian
    dhcpfo desegment
    dhcpv6 bulk_leasequery.desegment cablelabs_interface_id
    diameter desegment
    dicom cmd_details export_header export_minsize pdv_reassemble seq_tree tag_tree
    distcc desegment_distcc_over_tcp
    djiuav desegment
    dlep desegment
    dmp align_ids local_nation national_decode seq_ack_analysis
    dmx_chan dmx_disp_chan_nr_type dmx_disp_chan_val_type dmx_disp_col_count
    dnp3 desegment
    dns desegment_dns_messages retransmission_timer
    docsis check_fcs dissect_encrypted_frames
    dof custom_dof_decrypt_all custom_dof_track_operations custom_dof_track_operations_window
    doip hide_address_name_entries
    dpp tcp.port
    drda desegment
    dsi desegment
    dtls client_cid_length debug_file keys_list psk server_cid_length
    dvb-ci dissect_lsc_msg sek siv
    dvb-s2_modeadapt decode_df default_modeadapt full_decode try_all_modeadapt
    dvb-s2_table rcs_protocol
    dvmrp strict_v3
    ecpri ecpripref.msg.decoding
    edonkey desegment
    enip desegment o2t_run_idle t2o_run_idle
    enttec dmx_disp_chan_nr_type dmx_disp_chan_val_type dmx_disp_col_count
    epl default_profile interpret_untyped_as_le show_duplicated_command_layer show_pdo_meta_info show_soc_flags use_sdo_mappings use_xdc_mappings
    erf aal5_type hdlc_type rawcell_first
    esp do_esp_sequence_analysis enable_authentication_check enable_encryption_decode enable_null_encryption_decode_heuristic
    etag summary_in_tree
    etch file
    eth ccsds_heuristic_bit ccsds_heuristic_header ccsds_heuristic_length ccsds_heuristic_version check_fcs deduplicate_dmac fcs interpret_as_fw1_monitor padding trailer_length
    evrc legacy_pt_60
    evs hf_only
    exec info_show_command info_show_username
    extcap ciscodump.logfile ciscodump.loglevel ciscodump.proxycommand ciscodump.remotecount ciscodump.remotefilter ciscodump.remotehost ciscodump.remoteinterface ciscodump.remotepassword ciscodump.remoteport ciscodump.remoteusername ciscodump.sshkey ciscodump.sshsha1 dpauxmon.interface_id dpauxmon.logfile dpauxmon.loglevel gui_save_on_start randpkt.allrandom randpkt.count randpkt.delay randpkt.logfile randpkt.loglevel randpkt.maxbytes randpkt.randomtype randpkt.type sdjournal.logfile sdjournal.loglevel sdjournal.startfrom sshdump.logfile sshdump.loglevel sshdump.proxycommand sshdump.remotecapturecommand sshdump.remotecapturecommandselect sshdump.remotecount sshdump.remotefilter sshdump.remotehost sshdump.remoteinterface sshdump.remotenoprom sshdump.remotepassword sshdump.remoteport sshdump.remotesudo sshdump.remoteusername sshdump.sshkey sshdump.sshkeypassphrase sshdump.sshsha1 udpdump.logfile udpdump.loglevel udpdump.payload udpdump.port wifidump.logfile wifidump.loglevel wifidump.remotechannelfrequency wifidump.remotechannelwidth wifidump.remotecount wifidump.remotefilter wifidump.remotehost wifidump.remoteinterface wifidump.remotepassword wifidump.remoteport wifidump.remoteusername wifidump.sshkey wifidump.sshkeypassphrase wifidump.sshsha1
    f5ethtrailer brief_inout_chars generate_keylog info_type perform_analysis pref_pop_other_fields pref_walk_trailer rstcause_in_info slots_regex
    fc max_frame_size reassemble
    fcip desegment target_port
    fddi padding
    file-pcap dissect_next_layer
    file-pcapng dissect_next_layer
    fix desegment
    flexray try_heuristic_first
    fmp fhandle_find_both_reqrep
    forces sctp_high_prio_port sctp_low_prio_port sctp_med_prio_port
    fp call_mac header_checksum payload_checksum show_release_info track_paging_indications
    fp_mux call_heur_fp uid_in_tree
    fr encap
    frame disable_packet_size_limited_in_summary force_docsis_encap generate_bits_field generate_epoch_time generate_md5_hash show_file_off
    ftp-data export.maxsize
    fw1 iflist_with_chain summary_in_tree with_uuid
    gadu-gadu desegment
    gearman desegment
    ged125 desegment_body
    giop desegment_giop_messages ior_txt max_message_size reassemble
    git desegment
    gmhdr summary_in_tree
    gmtrailer decode_trailer_timestamp summary_in_tree
    gnw analyze_sequence_numbers
    gquic debug.quic
    grpc detect_json_automatically embedded_under_http2
    gryphon desegment
    gsm-r-uus1 dissect_gsm_a_u2u dissect_q931_u2u
    gsm_a rr.nri_length
    gsm_abis_oml oml_dialect
    gsm_abis_pgsl ir
    gsm_abis_rsl dissect_phy_ctx_inf use_ipaccess_rsl use_osmocom_rsl
    gsm_ipa hsl_debug_in_info hsl_debug_in_root_tree
    gsm_map application.context.version ericsson.proprietary.extensions tcap.ssn
    gsm_sms reassemble reassemble_with_lower_layers_info
    gsm_sms_ud port_number_udh_means_wsp prevent_dissectors_chg_cols try_dissect_1st_fragment
    gsm_um dcs1800
    gss-api gssapi_reassembly
    gsup show_name_as_text
    gtp check_etsi dissect_gtp_over_tcp dissect_tpdu_as pair_max_interval track_gtp_session v0_port v1c_port v1u_port
    gtpv2 decode_srvcc_p2c_trans_cont_target pair_max_interval
    gui active_frame.bg active_frame.fg active_frame.style ask_unsaved autocomplete_filter color_filter_bg.deprecated color_filter_bg.invalid color_filter_bg.valid column.format column.hidden console_open decimal_places1 decimal_places2 decimal_places3 fileopen.dir fileopen.preview fileopen.style find_wrap geometry.save.maximized geometry.save.position geometry.save.size ignored_frame.bg ignored_frame.fg inactive_frame.bg inactive_frame.fg inactive_frame.style interfaces_hidden_types interfaces_remote_display interfaces_show_hidden io_graph_automatic_update layout_content_1 layout_content_2 layout_content_3 layout_type marked_frame.bg marked_frame.fg max_export_objects max_tree_depth max_tree_items packet_header_column_definition.enabled packet_list_elide_mode packet_list_hover_style.enabled packet_list_is_sortable packet_list_separator.enabled packet_list_show_minimap packet_list_show_related prepend_window_title qt.font_name recent_display_filter_entries.max recent_files_count.max restore_filter_after_following_stream rtp_player_use_disk1 rtp_player_use_disk2 show_byteview_in_dialog show_file_load_time.enabled show_selected_packet.enabled start_title stream.client.bg stream.client.fg stream.server.bg stream.server.fg toolbar_main_style update.channel update.enabled update.interval version_placement window_title
    h225 h245_in_tree reassembly tls.port tp_in_tree
    h245 prepand reassembly shorttypes
    h248 ctx_info desegment
    h501 desegment
    hart_ip desegment
    hcrt dissector_ethertype
    hl7 display_llp display_raw
    hpfeeds desegment_hpfeeds_messages try_heuristic
    http dechunk_body decompress_body desegment_body desegment_headers tls.port
    hzlcst desegment
    icep max_batch_requests max_ice_context_pairs max_ice_string_len
    icmp favor_icmp_mpls
    idmp desegment_idmp_messages reassemble
    iec60870_101 asdu_addr_len asdu_ioa_len cot_len linkaddr_len
    ieee8021ah 8021ah_ethertype
    ifcp desegment
    ilp desegment_ilp_messages
    imap ssl_heuristic
    inap ssn
    infiniband rroce.port try_heuristic_first
    ip check_checksum decode_tos_as_diffserv defragment security_flag summary_in_tree try_heuristic_first tso_support use_geoip
    ipdc desegment_ipdc_messages
    ipdr sessions.samis_type_1
    ipmi dissect_bus_commands fru_langcode_is_english msgfmt response_after_req response_before_req selected_oem
    ippusb attempt_reassembly
    ipv6 defragment exthdr_hide_len_oct_field exthdr_under_root_protocol_tree perform_strict_rpl_srh_rfc_checking summary_in_tree try_heuristic_first tso_support use_geoip
    iscsi bogus_pdu_filter bogus_pdu_max_data_len demand_good_f_bit desegment_iscsi_messages protocol_version target_ports target_system_port
    isdn dchannel_protocol
    iser target_ports
    ismacryp au_index_delta_length au_index_length au_size_length cts_delta_length delta_iv_length dts_delta_length iv_length key_indicator_length key_indicator_per_au_flag override_rtp_pt padding_indication random_access_indication rfc3640_mode selective_encryption slice_indication stream_state_indication user_mode version
    isns desegment
    iso10681 flexray.flexrayids spread_over_cycles
    iso15765 addressing can.extended_ids can.ids flexray_addressing flexray_segment_size_limit ipdum.pdu.id ipdum_addressing lin_diag window
    iso8583 binencode charset len_endian
    isobus vt.object_ids
    isup defragment_apm show_cic_in_info variant
    itdm ctl_flowno mpls_label
    iua support_ig use_gsm_sapi_values
    iuup dissect_payload two_byte_pseudoheader
    iwarp_ddp_rdmap reassemble_iwarp_rdma_send
    ixiatrailer summary_in_tree
    json compact_form hide_extended_path_based_filtering ignore_leading_bytes
    jxta desegment msg.mediatype
    kafka show_string_bytes_lengths
    kerberos decrypt desegment file
    kip desegment key_1 key_10 key_2 key_3 key_4 key_5 key_6 key_7 key_8 key_9 key_file key_file_pwd key_info_file
    kpasswd desegment
    kt present_key_val_as_ascii
    l2tp cookie_size l2_specific shared_secret
    lapd use_gsm_sapi_values
    lapdm reassemble
    laplink desegment_laplink_over_tcp
    lbmc dissect_lbmpdm reassemble_fragments use_heuristic_subdissectors
    lbmpdm_tcp port_high port_low use_lbmpdm_tcp_domain
    lbmr mc_incoming_address mc_incoming_port mc_outgoing_address mc_outgoing_port uc_address uc_dest_port uc_port_high uc_port_low use_lbmr_domain
    lbmsrs source_ip_address source_port use_lbmsrs_domain
    lbtrm dport_high dport_low expert_separate_naks expert_separate_ncfs mc_address_high mc_address_low mim_incoming_address mim_incoming_dport mim_outgoing_address mim_outgoing_dport sequence_analysis sport_high sport_low use_lbtrm_domain
    lbtru expert_separate_naks expert_separate_ncfs receiver_port_high receiver_port_low sequence_analysis source_port_high source_port_low use_lbtru_domain
    lbttcp request_port_high request_port_low source_port_high source_port_low store_port_high store_port_low use_lbttcp_domain
    ldap desegment_ldap_messages tls.port
    ldp desegment_ldp_messages
    lg8979 desegment
    llcgprs autodetect_cipher_bit
    lldp column_info_selection
    llt alternate_ethertype
    lmp checksum
    log3gpp nas_eps_release_version rrc_release_version
    logcat oneline_info_column
    lte_rrc nas_in_root_tree
    lwapp swap_fc
    lwl4 check_crc
    lwm lwmes_key
    m2pa version
    m2ua protocol_data_1_tag
    m3ua version
    mac tsn_size
    mac-lte attempt_rrc_decode attempt_to_dissect_crc_failures attempt_to_dissect_mcch attempt_to_dissect_srb_sdus bsr_warn_threshold call_rlc_for_mtch decode_cr_body layer_to_show lcid_to_drb_mapping_source retx_count_warn show_bsr_median show_drx track_sr
    mac-nr attempt_rrc_decode attempt_to_dissect_srb_sdus lcid_to_drb_mapping_source
    mate config
    mbim control_decode_unknown_itf extended_version sms_pdu_format
    mbrtu crc_verification desegment
    mbtcp desegment
    mcpe udp.port
    mdshdr decode_if_etype_zero
    megaco ctx_info display_dissect_tree display_raw_text
    memcache desegment_headers desegment_pdus
    mgcp display_mgcp_message_count display_raw_text tcp.callagent_port tcp.gateway_port udp.callagent_port udp.gateway_port
    mime_multipart display_unknown_body_as_text remove_base64_encoding uncompress_data
    mle meshlink_mic_ok
    modbus mbus_register_format
    mp fragment_aging max_fragments short_seqno
    mpeg_dsmcc verify_crc
    mpeg_sect verify_crc
    mpls flowlabel_in_mpls_header
    mplspwatmaal5sdu allow_cw_length_nonzero_aal5 extend_cw_length_with_rsvd_aal5
    mplspwatmn1cw allow_cw_length_nonzero extend_cw_length_with_rsvd
    mptcp analyze_mappings analyze_mptcp intersubflows_retransmission relative_sequence_numbers
    mq desegment reassembly
    mqpcf maxlst maxprm
    mqtt default_version show_msg_as_text
    msrp display_raw_text show_setup_info
    mtp2 capture_contains_frame_check_sequence reverse_bit_order_mtp2 use_extended_sequence_numbers
    mtp3 addr_format ansi_5_bit_sls heuristic_standard itu_pc_structure itu_priority japan_5_bit_sls japan_pc_structure standard
    mysql desegment_buffers show_sql_query
    nameres dns_pkt_addr_resolution hosts_file_handling load_smi_modules mac_name name_resolve_concurrency network_name ss7_pc_name suppress_smi_errors transport_name use_custom_dns_servers use_external_name_resolver vlan_name
    nas-5gs decode_user_data_container_as non_ip_data_dissector null_decipher
    nas-eps decode_user_data_container_as dissect_plain non_ip_data_dissector null_decipher
    nasdaq_itch chi_x
    nasdaq_soup desegment
    nbap ib_sg_data_encoding lch10_content lch11_content lch12_content lch13_content lch14_content lch15_content lch16_content lch1_content lch2_content lch3_content lch4_content lch5_content lch6_content lch7_content lch8_content lch9_content
    nbd desegment_nbd_messages
    nbss desegment_nbss_commands
    ncp connection_2_expert defragment_nds desegment eid_2_expert error_2_expert file_2_expert newstyle server_2_expert
    ndmp default_protocol_version defragment desegment
    ndps desegment_spx desegment_tcp show_oid
    netbios defragment
    netsync desegment_netsync_messages
    nfs display_major_nfsv4_ops display_nfsv4_tag fhandle_find_both_reqrep file_full_name_snooping file_name_snooping
    ngap dissect_container dissect_lte_container_as dissect_target_ng_ran_container_as
    nhrp auth_ext_has_addr
    nlm msg_res_matching
    nr-rrc nas_in_root_tree
    ntlmssp nt_password
    nvme-rdma subsystem_ports
    nvme-tcp check_ddgst check_hdgst subsystem_ports
    oer display_internal_oer_fields
    olsr ff_olsrorg nrlolsr
    opa fe.tls.port mad.parse_mad_error mad.reassemble_rmpp
    openflow desegment
    opensafety classify_transport debug_verbose display_intergap_data enable_mbtcp enable_udp filter_nodes filter_show_nodes_in_filterlist mbtcp_big_endian network_udp_frame_first network_udp_frame_first_sercosiii network_udp_port network_udp_port_sercosiii scm_udid scm_udid_autoset
    opensafety_udp network_udp_port
    openvpn long_format tls_auth tls_auth_detection_override tls_auth_hmac_size tls_crypt
    openwire desegment verbose_type
    opsi desegment_opsi_messages
    oran_fh_cus oran.bandsector_id_bits oran.cc_id_bits oran.du_port_id_bits oran.iq_bitwidth_down oran.iq_bitwidth_up oran.num_bf_antennas oran.num_weights_per_bundle oran.rbs_in_uplane_section oran.ru_port_id_bits oran.show_iq_samples oran.ud_comp_down oran.ud_comp_hdr_down oran.ud_comp_hdr_up oran.ud_comp_up
    osi tpkt_reassemble
    ossp option_network
    p_mul decode reassemble relative_msgid seq_ack_analysis
    papi experimental_decode
    pcli summary_in_tree
    pdcp-lte check_sequence_numbers decipher_signalling decipher_userplane default_ciphering_algorithm default_integrity_algorithm dissect_rohc ignore_rrc_sec_params layer_to_show show_signalling_plane_as_rrc show_user_plane_as_ip verify_integrity
    pdcp-nr check_sequence_numbers decipher_signalling decipher_userplane default_ciphering_algorithm default_integrity_algorithm dissect_rohc ignore_rrc_sec_params layer_to_show show_signalling_plane_as_rrc show_user_plane_as_ip verify_integrity
    per display_internal_per_fields
    pfcp track_pfcp_session
    pflog id_endian
    pgm check_checksum
    pim payload_tree
    pkcs12 password try_null_password
    pn532 prtype532
    pn_io pnio_ps_networkpath pnio_ps_selection
    pn_rt desegment summary_in_tree
    pop desegment_data
    ppi reassemble
    ppp default_proto_id fcs_type
    pppoed show_tags_and_lengths
    protobuf add_default_value bytes_as_string display_json_mapping pbf_as_hf preload_protos show_all_types show_details try_dissect_as_string use_utc
    protocols display_byte_fields_with_spaces display_hidden_proto_items enable_incomplete_dissectors_check strict_conversation_tracking_heuristics
    ptp analyze_ptp_messages
    ptpip vendor
    pvfs desegment
    q931 desegment_h323_messages iso_iec_cause_coding reassembly
    q932 facility_encoding
    quake3 udp.arena_port udp.master_port
    quic reassemble_crypto_out_of_order
    radiotap bit14_fcs_in_header fcs_handling interpret_high_rates_as_mcs
    radius disable_extended_attributes shared_secret show_length validate_authenticator
    ranap dissect_rrc_container
    rdt show_setup_info
    reload defragment nodeid_length topology_plugin
    resp desegment_data
    rip display_routing_domain
    rlc ciphered_data header_only_mode ignore_rrc_cipher_indication li_size perform_reassembly
    rlc-lte call_ip_for_mtch call_pdcp_for_drb call_pdcp_for_srb call_rrc_for_ccch call_rrc_for_mcch do_sequence_analysis do_sequence_analysis_am header_only_mode reassembly
    rlc-nr call_pdcp_for_dl_drb call_pdcp_for_srb call_pdcp_for_ul_drb call_rrc_for_ccch header_only_mode reassemble_am_frames reassemble_um_frames
    rpc defragment_rpc_over_tcp desegment_rpc_over_tcp dissect_unknown_programs find_fragment_start max_tcp_pdu_size
    rpcap decode_content desegment_pdus linktype
    rpkirtr tcp.rpkirtr_tls.port
    rrc nas_in_root_tree
    rsh info_show_client_username info_show_command info_show_server_username
    rsvp generalized_label_options process_bundle
    rsync desegment
    rtcp default_protocol roundtrip_min_threshhold show_roundtrip_calculation show_setup_info
    rtmpt desegment max_packet_size
    rtp desegment_rtp_streams show_setup_info version0_type
    rtpproxy establish_conversation reply.timeout
    rtps enable_max_dissection_array_elements enable_max_dissection_info_elements enable_rtps_reassembly enable_topic_info enable_user_data_dissection max_batch_samples_dissected max_dissection_array_elements max_dissection_info_elements
    rtse reassemble
    rtsp desegment_body desegment_headers
    s1ap dissect_container dissect_lte_container_as
    s5066dts proto_desegment
    s5066sis desegment_pdus edition_one
    sametime reassemble show_length
    sasp desegment_sasp_messages
    sccp default_payload defragment_xudt dt1_ignore_length set_addresses show_length show_more_info source_pc trace_sccp
    scsi decode_scsi_messages_as defragment
    sctp association_index checksum reassembly relative_tsns show_always_control_chunks show_port_numbers_in_tree try_heuristic_first tsn_analysis ulp_dissection
    scylla desegment
    sdh data.rate
    sdp establish_conversation
    selfm crc_verification desegment ser_list telnetclean
    ses desegment
    sflow enable_analysis enable_dissection
    sigcomp decomp.msg display.bytecode display.decomp.msg.as.txt display.udvm.code show.udvm.execution
    signal_pdu payload_dissector_activated payload_dissector_hide_raw_values payload_dissector_show_hidden
    simulcrypt ca_system_id_mikey
    sip delay_sdp_changes desegment_body desegment_headers display_raw_text display_raw_text_without_crlf hide_generatd_call_id retrans_the_same_sport strict_sip_version tls.port validate_authorization
    skinny desegment
    slsk decompress desegment
    smb dcerpc_reassembly eosmb_take_name_as_fid sid_display_hex sid_name_snooping trans_reassembly
    smb2 eosmb2_take_name_as_fid pipe_reassembly verify_signatures
    smb_direct reassemble_smb_direct
    sml crc reassemble
    smp desegment
    smpp decode_sms_over_smpp gsm7_unpacked reassemble_smpp_over_tcp
    smtp decryption desegment_data desegment_lines
    sna defragment
    snmp desegment display_oid var_in_tree
    snort alerts_source binary config ignore_checksum_errors show_alert_expert_info show_alert_in_reassembled_frame show_rule_set_stats
    solaredge system_encryption_key unknown
    someip payload_dissector_activated payload_dissector_wtlv_default reassemble_tp
    someipsd ports.tcp.ignore ports.udp.ignore
    soupbintcp desegment
    spdy assemble_data_frames decompress_body decompress_headers
    sprt show_dlci_info show_setup_info
    srtcp decode_application_subtype
    srvloc desegment_tcp
    sscop payload
    ssh debug_file desegment_buffers keylog_file
    ssyncp key
    starteam desegment
    statistics st_burst_resolution st_burst_showcount st_burst_windowlen st_enable_burstinfo st_sort_casesensitve st_sort_defcolflag st_sort_defdescending st_sort_rng_fixorder st_sort_rng_nameonly st_sort_showfullname update_interval
    stp use_system_id_extension
    stt check_checksum reassemble
    stun stunversion
    sua set_addresses version
    sv decode_data_as_phsmeas
    t38 dissect_possible_rtpv2_packets_as_rtp reassembly show_setup_info tpkt_usage use_pre_corrigendum_asn1_specification
    tacplus desegment key
    tali reassemble
    tcap losttimeout persistentsrt repetitiontimeout ssn
    tcp analyze_sequence_numbers bif_seq_based calculate_timestamps check_checksum default_window_scaling desegment_tcp_streams display_process_info_from_ipfix dissect_experimental_options_rfc6994 fastrt_supersedes_ooo ignore_tcp_timestamps no_subdissector_on_error read_seq_as_syn_cookie reassemble_out_of_order relative_sequence_numbers summary_in_tree track_bytes_in_flight try_heuristic_first
    tcpcl analyze_sequence decode_bundle desegment_transfer
    tcpros desegment_tcpros_messages
    tdmoe d_channel
    tdmop d_channel ethertype ts_mask
    tds defragment desegment_buffers endian_type protocol_type
    tecmp analog_samples_sint try_heuristic_first
    tetra include_carrier_number
    tftp defragment
    thread thr_auto_acq_thr_seq_ctr thr_seq_ctr thr_use_pan_id_in_key
    thrift decode_binary desegment_framed fallback_on_generic nested_type_depth show_internal tls.port
    tibia dissect_game_commands reassemble_tcp_segments show_acc_info show_char_name show_xtea_key try_otserv_key
    time display_time_type
    tipc defragment desegment dissect_tipc_data handle_v2_as try_heuristic_first
    tls debug_file desegment_ssl_application_data desegment_ssl_records ignore_ssl_mac_failed keylog_file keys_list psk
    tns desegment_tns_messages
    tpkt desegment
    tpncp load_db
    tr fix_linux_botches
    transum capture_position debug_enabled orphan_ka_discard reassembly rte_on_first_req rte_on_first_rsp rte_on_last_req rte_on_last_rsp tcp_port_ranges udp_port_ranges
    tte ct_marker_value ct_mask_value
    ua3g setup_conversations
    uasip noesip proxy_ipaddr
    uaudp system_ip
    ucp desegment_ucp_messages
    udp calculate_timestamps check_checksum ignore_ipv6_zero_checksum process_info summary_in_tree try_heuristic_first
    udpcp attempt_reassembly attempt_xml_decode
    udplite calculate_timestamps check_checksum ignore_checksum_coverage
    ulp desegment_ulp_messages
    uma desegment_ucp_messages
    usb try_heuristics
    usbll global_pref_dissect_unknown_speed_as
    vlan priority_drop qinq_ethertype summary_in_tree version
    vnc desegment
    vrrp v3_checksum_as_in_v2
    vrt ettus_uhd_header_format
    vssmonitoring dissect_portstamping_only two_byte_portstamps
    wbxml disable_wbxml_token_parsing skip_wbxml_token_mapping
    websocket decompress text_type
    wg dissect_packet keylog_file
    wimaxasncp debug_enabled nwg_version show_transaction_id_d_bit
    winsrepl reassemble
    wlan check_checksum check_fcs defragment enable_decryption ignore_draft_ht ignore_wep retransmitted treat_as_s1g wpa_key_mic_len wpa_key_mic_len_enable
    wlan_radio always_short_preamble timeline tsf_at_end
    wmx basic_cid_max corrigendum_2_version
    wow desegment
    wpan 802154_ack_tracking 802154_ethertype 802154_extend_auth 802154_fcs_ok 802154_sec_suite 802154e_compatibility fcs_format
    x11 desegment
    x25 call_request_nodata_is_cotp payload_check_data payload_is_qllc_sna reassemble
    x2ap dissect_rrc_context_as
    xml heuristic_unicode
    xmpp desegment
    xnap dissect_lte_rrc_context_as dissect_target_ng_ran_container_as
    xot desegment x25_desegment
    yami desegment
    ymsg desegment
    z3950 desegment_buffers
    zbee_aps zbeeseversion
    zbee_nwk seclevel
    """
