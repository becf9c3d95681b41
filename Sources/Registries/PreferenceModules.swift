// Made by Scripts/make-registries.

/// The modules of Wireshark's preferences, one a line: a name, and the names of the preferences in it.
let preferenceModules = """
    29west tcp.port udp.port
    2dparityfec enable
    5gli tcp.port udp.port
    6lowpan context0 context1 context10 context11 context12 context13 context14 context15 context2 context3 context4 context5 context6 context7 context8 context9 iid_has_universal_local_bit rfc4944_short_address_format summary_in_tree
    9p tcp.port
    a11 udp.port
    a21 udp.port
    acap tcp.port
    acdr tcp.port udp.port
    acf-can try_heuristic_first
    acn dmx_display_leading_zeros dmx_display_line_format dmx_display_view dmx_display_zeros dmx_enable
    actrace udp.port
    adb tcp.port
    adb_cs server_port tcp.port
    adb_service framebuffer_more_details
    adp udp.port
    adwin dissect_data udp.port
    aeron reassemble_fragments sequence_analysis stream_analysis udp.port use_heuristic_subdissectors
    afs defragment
    agentx tcp.port
    aim desegment tcp.port
    ajns tcp.port udp.port
    ajp13 tcp.port
    alc lct.codepoint_as_fec_id lct.ext.192 lct.ext.193 udp.port
    alcap leg_info
    amp udp.port
    amqp tcp.port tls.port
    amr encoding.version mode rtp.pt
    amr_wb rtp.pt
    ams tcp.port
    amt udp.port
    ancp tcp.port
    ansi_a_bsmap global_variant top_display_mid_so
    ansi_map map.ssn transaction.matchtype
    ansi_tcap transaction.matchtype
    aodv udp.port
    aol desegment tcp.port
    aprs showaprslax
    ar_drone udp.port
    ardp tcp.port udp.port
    armagetronad udp.port
    arp detect_duplicate_ips detect_request_storms detect_storm_number_of_packets detect_storm_period register_network_address_binding
    artemis tcp.port
    artnet udp.port
    aruba_erm udp.port
    asap tcp.port udp.port
    asterix i001_version i002_version i004_version i008_version i009_version i010_version i011_version i015_version i016_version i018_version i019_version i020_version i021_version i023_version i025_version i032_version i034_version i048_version i062_version i063_version i065_version i240_version i247_version udp.port
    at role
    ath udp.port
    atm dissect_lane_as_sscop
    atmtcp tcp.port
    atp desegment
    auto_rp udp.port
    autosar-nm can_id can_id_mask cbv_position cbv_version ipdum.pdu.id pdu_transport.ids sni_position udp.port
    ax25_kiss showcksum
    ax25_nol3 showaprs showcluster
    ax4000 tcp.port udp.port
    ayiya udp.port
    babel udp.port
    banana tcp.port
    bat udp.port
    batadv batmanadv.ethertype
    beep strict_header_terminator tcp.port
    ber decode_octetstring decode_primitive decode_unexpected show_internals tcp.port udp.port warn_too_many_bytes
    bfcp tcp.port udp.port
    bfd udp.port
    bgp asn_len desegment tcp.port
    bitcoin desegment tcp.port
    bittorrent decode_client desegment tcp.port
    bjnp udp.port
    blip max_uncompressed_size
    bmp desegment tcp.port
    bpv7 bp_compute_crc bp_payload_try_heur bp_reassemble_payload
    brp udp.port
    bssap default_protocol
    bssap_plus sccp.ssn
    bt-dht udp.port
    bt-utp analyze_sequence_numbers enable_version0 max_window_size udp.port
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
    bundle udp.port
    bvlc udp.port
    bzr desegment tcp.port
    c1222 baseoid big_endian decrypt desegment tcp.port udp.port
    camel date.format persistentsrt tcap.ssn
    can byte_swap try_heuristic_first
    caneth udp.port
    capture auto_scroll columns device devices_buffersize devices_descr devices_filter devices_hide devices_linktypes devices_monitor_mode devices_pmode devices_snaplen no_extcap no_interface_load pcap_ng prom_mode real_time_update show_info
    capwap draft_8_cisco reassemble swap_fc udp.port
    cast reassembly tcp.port
    cattp checksum udp.port
    cbsp tcp.port
    ccsds global_pref_checkword udp.port
    cesoeth rtp_header rtp_header_heuristic
    cfdp udp.port
    cflow desegment ipfix.ports max_template_fields netflow.ports tcp.port udp.port
    cfp check_fcs
    chargen tcp.port udp.port
    chdlc fcs_type
    cigi byte_order host ig tcp.port udp.port version
    cimd tcp.port
    cip enhanced_info_column
    cipio udp.port
    cipm display_full_attribute_data
    cldap udp.port
    clnp always_decode_transport decode_atn_options reassemble tp_nsap_selector
    cmp desegment http_alternate_port tcp.port tcp_style_http_alternate_port
    cmpp tcp.port
    cnip udp.port
    coap tcp.port udp.port
    collectd udp.port
    communityid do_base64 seed
    componentstatusprotocol udp.port
    console incomplete_dissectors_check_debug
    cops desegment packetcable tcp.port
    corosync_totemnet private_keys udp.port
    cotp decode_atn reassemble tsap_display
    couchbase desegment_pdus tcp.port tls.port
    cp2179 tcp.port telnetclean
    cpfi arrow_ctl udp.port udp.port2
    cpha udp.port
    cql tcp.port
    ctdb tcp.port
    cups udp.port
    cvspserver tcp.port
    cwids udp.port
    dap tcp.port
    data datapref.newpane md5_hash show_as_text uncompress_data
    daytime tcp.port udp.port
    db-lsp desegment_pdus tcp.port try_heuristic
    db-lsp-disc udp.port
    dbus tcp.port
    dccp check_checksum relative_sequence_numbers summary_in_tree try_heuristic_first
    dcerpc desegment_dcerpc reassemble_dcerpc
    dcom display_unmarshalling_details
    dct2000 convert_old_protocol_names decode_lte_rrc decode_mac_lte_oob_messages ipprim_heuristic sctpprim_heuristic use_protocol_name_as_dissector_name
    ddtp udp.port
    dhcp novellserverstring pkt.ccc.option pkt.ccc.protocol_version udp.port uuid.endian
    dhcpfo desegment tcp.port
    dhcpv6 bulk_leasequery.desegment cablelabs_interface_id udp.port
    diameter desegment sctp.port tcp.port udp.port
    dicom cmd_details export_header export_minsize pdv_reassemble seq_tree tag_tree tcp.port
    dis udp.port
    disp tcp.port
    distcc desegment_distcc_over_tcp tcp.port
    djiuav desegment tcp.port
    dlep desegment tcp.port udp.port
    dlm3 sctp.port tcp.port
    dlsw tcp.port udp.port
    dlt tcp.port udp.port
    dmp align_ids local_nation national_decode seq_ack_analysis udp.port
    dmx_chan dmx_disp_chan_nr_type dmx_disp_chan_val_type dmx_disp_col_count
    dnp3 desegment tcp.port udp.port
    dns desegment_dns_messages retransmission_timer tcp.port udp.port
    docsis check_fcs dissect_encrypted_frames
    dof custom_dof_decrypt_all custom_dof_track_operations custom_dof_track_operations_window tcp.port udp.port
    doip hide_address_name_entries
    dop tcp.port
    dpp tcp.port
    drb tcp.port
    drda desegment
    dsi desegment tcp.port
    dsp tcp.port
    dtcp-ip tcp.port
    dtls client_cid_length debug_file keys_list psk server_cid_length
    dtps tcp.port
    dtpt tcp.port
    dvb-ci dissect_lsc_msg sek siv
    dvb-s2_modeadapt decode_df default_modeadapt full_decode rtp.pt try_all_modeadapt
    dvb-s2_table rcs_protocol
    dvb_ipdc udp.port
    dvmrp strict_v3
    e1ap sctp.port tcp.port
    e2ap sctp.port
    ecatf tcp.port udp.port
    echo tcp.port udp.port
    ecmp tcp.port udp.port
    ecpri ecpripref.msg.decoding udp.port
    edonkey desegment tcp.port udp.port
    egd udp.port
    ehs udp.port
    elasticsearch tcp.port udp.port
    elcom tcp.port
    enip desegment o2t_run_idle t2o_run_idle tcp.port udp.port
    enrp udp.port
    enttec dmx_disp_chan_nr_type dmx_disp_chan_val_type dmx_disp_col_count tcp.port udp.port
    epl default_profile interpret_untyped_as_le show_duplicated_command_layer show_pdo_meta_info show_soc_flags udp.port use_sdo_mappings use_xdc_mappings
    epmd tcp.port
    erf aal5_type hdlc_type rawcell_first
    erldp tcp.port
    erspan-marker udp.port
    esio udp.port
    esp do_esp_sequence_analysis enable_authentication_check enable_encryption_decode enable_null_encryption_decode_heuristic
    etag summary_in_tree
    etch file tcp.port
    eth ccsds_heuristic_bit ccsds_heuristic_header ccsds_heuristic_length ccsds_heuristic_version check_fcs deduplicate_dmac fcs interpret_as_fw1_monitor padding trailer_length udp.port
    evrc legacy_pt_60
    evs hf_only rtp.pt
    exec info_show_command info_show_username tcp.port
    extcap ciscodump.logfile ciscodump.loglevel ciscodump.proxycommand ciscodump.remotecount ciscodump.remotefilter ciscodump.remotehost ciscodump.remoteinterface ciscodump.remotepassword ciscodump.remoteport ciscodump.remoteusername ciscodump.sshkey ciscodump.sshsha1 dpauxmon.interface_id dpauxmon.logfile dpauxmon.loglevel gui_save_on_start randpkt.allrandom randpkt.count randpkt.delay randpkt.logfile randpkt.loglevel randpkt.maxbytes randpkt.randomtype randpkt.type sdjournal.logfile sdjournal.loglevel sdjournal.startfrom sshdump.logfile sshdump.loglevel sshdump.proxycommand sshdump.remotecapturecommand sshdump.remotecapturecommandselect sshdump.remotecount sshdump.remotefilter sshdump.remotehost sshdump.remoteinterface sshdump.remotenoprom sshdump.remotepassword sshdump.remoteport sshdump.remotesudo sshdump.remoteusername sshdump.sshkey sshdump.sshkeypassphrase sshdump.sshsha1 udpdump.logfile udpdump.loglevel udpdump.payload udpdump.port wifidump.logfile wifidump.loglevel wifidump.remotechannelfrequency wifidump.remotechannelwidth wifidump.remotecount wifidump.remotefilter wifidump.remotehost wifidump.remoteinterface wifidump.remotepassword wifidump.remoteport wifidump.remoteusername wifidump.sshkey wifidump.sshkeypassphrase wifidump.sshsha1
    f1ap sctp.port
    f5ethtrailer brief_inout_chars generate_keylog info_type perform_analysis pref_pop_other_fields pref_walk_trailer rstcause_in_info slots_regex
    fc max_frame_size reassemble
    fc00 udp.port
    fcgi tcp.port
    fcip desegment target_port tcp.port
    fcoe ethertype
    fddi padding
    ff tcp.port udp.port
    file-pcap dissect_next_layer
    file-pcapng dissect_next_layer
    find udp.port
    finger tcp.port
    fix desegment tcp.port
    flexray try_heuristic_first
    fmp fhandle_find_both_reqrep
    forces sctp_high_prio_port sctp_low_prio_port sctp_med_prio_port tcp.port udp.port
    fortinet_sso udp.port
    fp call_mac header_checksum payload_checksum show_release_info track_paging_indications
    fp_mux call_heur_fp udp.port uid_in_tree
    fr encap
    frame disable_packet_size_limited_in_summary force_docsis_encap generate_bits_field generate_epoch_time generate_md5_hash show_file_off
    ftp tcp.port
    ftp-data export.maxsize tcp.port
    fw1 iflist_with_chain summary_in_tree with_uuid
    gadu-gadu desegment tcp.port
    gdb tcp.port
    gdsdb tcp.port
    gearman desegment tcp.port
    ged125 desegment_body tcp.port
    geneve udp.port
    gift tcp.port
    giop desegment_giop_messages ior_txt max_message_size reassemble tcp.port
    git desegment tcp.port
    glbp udp.port
    gmhdr summary_in_tree
    gmtrailer decode_trailer_timestamp summary_in_tree
    gnutella tcp.port
    gnw analyze_sequence_numbers ethertype
    gopher tcp.port
    gprs-ns udp.port
    gquic debug.quic udp.port
    grpc detect_json_automatically embedded_under_http2
    gryphon desegment tcp.port
    gsm-r-uus1 dissect_gsm_a_u2u dissect_q931_u2u
    gsm_a rr.nri_length
    gsm_abis_oml oml_dialect
    gsm_abis_pgsl ir
    gsm_abis_rsl dissect_phy_ctx_inf use_ipaccess_rsl use_osmocom_rsl
    gsm_ipa hsl_debug_in_info hsl_debug_in_root_tree tcp.port udp.port
    gsm_map application.context.version ericsson.proprietary.extensions tcap.ssn
    gsm_sms reassemble reassemble_with_lower_layers_info
    gsm_sms_ud port_number_udh_means_wsp prevent_dissectors_chg_cols try_dissect_1st_fragment
    gsm_um dcs1800
    gsmtap udp.port
    gss-api gssapi_reassembly
    gsup show_name_as_text
    gtp check_etsi dissect_gtp_over_tcp dissect_tpdu_as pair_max_interval track_gtp_session v0_port v1c_port v1u_port
    gtpv2 decode_srvcc_p2c_trans_cont_target pair_max_interval
    gui active_frame.bg active_frame.fg active_frame.style ask_unsaved autocomplete_filter color_filter_bg.deprecated color_filter_bg.invalid color_filter_bg.valid column.format column.hidden console_open decimal_places1 decimal_places2 decimal_places3 fileopen.dir fileopen.preview fileopen.style find_wrap geometry.save.maximized geometry.save.position geometry.save.size ignored_frame.bg ignored_frame.fg inactive_frame.bg inactive_frame.fg inactive_frame.style interfaces_hidden_types interfaces_remote_display interfaces_show_hidden io_graph_automatic_update layout_content_1 layout_content_2 layout_content_3 layout_type marked_frame.bg marked_frame.fg max_export_objects max_tree_depth max_tree_items packet_header_column_definition.enabled packet_list_elide_mode packet_list_hover_style.enabled packet_list_is_sortable packet_list_separator.enabled packet_list_show_minimap packet_list_show_related prepend_window_title qt.font_name recent_display_filter_entries.max recent_files_count.max restore_filter_after_following_stream rtp_player_use_disk1 rtp_player_use_disk2 show_byteview_in_dialog show_file_load_time.enabled show_selected_packet.enabled start_title stream.client.bg stream.client.fg stream.server.bg stream.server.fg toolbar_main_style update.channel update.enabled update.interval version_placement window_title
    gvsp udp.port
    h223 tcp.port
    h223_bitswapped tcp.port
    h225 h245_in_tree reassembly tls.port tp_in_tree udp.port
    h245 prepand reassembly shorttypes tcp.port udp.port
    h248 ctx_info desegment tcp.port udp.port
    h263p rtp.pt
    h264 rtp.pt
    h265 rtp.pt
    h501 desegment tcp.port udp.port
    hart_ip desegment tcp.port udp.port
    hcrt dissector_ethertype tcp.port udp.port
    hdfs tcp.port
    hdfsdata tcp.port
    hip udp.port
    hiqnet tcp.port udp.port
    hislip tcp.port
    hl7 display_llp display_raw tcp.port
    hnbap sctp.port
    hp_erm udp.port
    hpfeeds desegment_hpfeeds_messages tcp.port try_heuristic
    hsms tcp.port
    hsrp udp.port
    http dechunk_body decompress_body desegment_body desegment_headers sctp.port tcp.port tls.port
    http2 tcp.port
    hzlcst desegment tcp.port
    iapp udp.port
    iax2 udp.port
    icap tcp.port
    icep max_batch_requests max_ice_context_pairs max_ice_string_len tcp.port udp.port
    icmp favor_icmp_mpls
    icp udp.port
    icq udp.port
    idmp desegment_idmp_messages reassemble tcp.port
    iec60870_101 asdu_addr_len asdu_ioa_len cot_len linkaddr_len tcp.port
    iec60870_104 tcp.port
    iec60870_5_103 tcp.port
    ieee1722 udp.port
    ieee8021ah 8021ah_ethertype
    ifcp desegment tcp.port
    ilp desegment_ilp_messages tcp.port
    imap ssl_heuristic tcp.port
    inap ssn
    infiniband rroce.port try_heuristic_first
    interlink udp.port
    ip check_checksum decode_tos_as_diffserv defragment security_flag summary_in_tree try_heuristic_first tso_support udp.port use_geoip
    ipdc desegment_ipdc_messages tcp.port
    ipdr sessions.samis_type_1 tcp.port
    iperf2 tcp.port udp.port
    ipmi dissect_bus_commands fru_langcode_is_english msgfmt response_after_req response_before_req selected_oem
    ippusb attempt_reassembly
    ipsictl tcp.port
    ipv6 defragment exthdr_hide_len_oct_field exthdr_under_root_protocol_tree perform_strict_rpl_srh_rfc_checking summary_in_tree try_heuristic_first tso_support udp.port use_geoip
    ipvs udp.port
    ipx udp.port
    irc tcp.port
    isakmp tcp.port udp.port
    iscsi bogus_pdu_filter bogus_pdu_max_data_len demand_good_f_bit desegment_iscsi_messages protocol_version target_ports target_system_port tcp.port
    isdn dchannel_protocol
    iser target_ports
    ismacryp au_index_delta_length au_index_length au_size_length cts_delta_length delta_iv_length dts_delta_length iv_length key_indicator_length key_indicator_per_au_flag override_rtp_pt padding_indication random_access_indication rfc3640_mode rtp.pt selective_encryption slice_indication stream_state_indication user_mode version
    isns desegment tcp.port udp.port
    iso10681 flexray.flexrayids spread_over_cycles
    iso15765 addressing can.extended_ids can.ids flexray_addressing flexray_segment_size_limit ipdum.pdu.id ipdum_addressing lin_diag window
    iso8583 binencode charset len_endian tcp.port
    isobus vt.object_ids
    isup defragment_apm show_cic_in_info variant
    itdm ctl_flowno mpls_label
    iua support_ig use_gsm_sapi_values
    iuup dissect_payload rtp.pt two_byte_pseudoheader
    iwarp_ddp_rdmap reassemble_iwarp_rdma_send
    ixiatrailer summary_in_tree
    jdwp tcp.port
    jmirror udp.port
    json compact_form hide_extended_path_based_filtering ignore_leading_bytes tcp.port udp.port
    juniper udp.port
    jxta desegment msg.mediatype
    kafka show_string_bytes_lengths tcp.port
    kdp udp.port
    kdsp tcp.port
    kerberos decrypt desegment file tcp.port udp.port
    kf tcp.port udp.port
    kink udp.port
    kip desegment key_1 key_10 key_2 key_3 key_4 key_5 key_6 key_7 key_8 key_9 key_file key_file_pwd key_info_file tcp.port udp.port
    kismet tcp.port
    knet sctp.port tcp.port udp.port
    kpasswd desegment tcp.port udp.port
    krb4 udp.port
    kt present_key_val_as_ascii tcp.port
    l2tp cookie_size l2_specific shared_secret udp.port
    lapd rtp.pt sctp.ppi udp.port use_gsm_sapi_values
    lapdm reassemble
    laplink desegment_laplink_over_tcp tcp.port udp.port
    lbmc dissect_lbmpdm reassemble_fragments use_heuristic_subdissectors
    lbmpdm_tcp port_high port_low tcp.port use_lbmpdm_tcp_domain
    lbmr mc_incoming_address mc_incoming_port mc_outgoing_address mc_outgoing_port uc_address uc_dest_port uc_port_high uc_port_low udp.port use_lbmr_domain
    lbmsrs source_ip_address source_port tcp.port use_lbmsrs_domain
    lbtrm dport_high dport_low expert_separate_naks expert_separate_ncfs mc_address_high mc_address_low mim_incoming_address mim_incoming_dport mim_outgoing_address mim_outgoing_dport sequence_analysis sport_high sport_low udp.port use_lbtrm_domain
    lbtru expert_separate_naks expert_separate_ncfs receiver_port_high receiver_port_low sequence_analysis source_port_high source_port_low udp.port use_lbtru_domain
    lbttcp request_port_high request_port_low source_port_high source_port_low store_port_high store_port_low tcp.port use_lbttcp_domain
    lcsap sctp.port
    lct udp.port
    ldap desegment_ldap_messages tcp.port tls.port
    ldp desegment_ldp_messages tcp.port udp.port
    ldss udp.port
    lg8979 desegment tcp.port
    lge_monitor udp.port
    linxtcp tcp.port
    lisp udp.port
    lisp-data udp.port
    lisp-tcp tcp.port
    llc udp.port
    llcgprs autodetect_cipher_bit
    lldp column_info_selection
    llmnr udp.port
    llrp tcp.port
    llt alternate_ethertype
    lmp checksum udp.port
    lnet tcp.port
    log3gpp nas_eps_release_version rrc_release_version
    logcat oneline_info_column tcp.port
    lpd tcp.port
    lsc tcp.port udp.port
    lte_rrc nas_in_root_tree udp.port
    ltp udp.port
    lwapp swap_fc udp.port
    lwapp-l3 udp.port
    lwl4 check_crc
    lwm lwmes_key
    lwres udp.port
    m2pa sctp.port version
    m2ua protocol_data_1_tag
    m3ua version
    mac tsn_size
    mac-lte attempt_rrc_decode attempt_to_dissect_crc_failures attempt_to_dissect_mcch attempt_to_dissect_srb_sdus bsr_warn_threshold call_rlc_for_mtch decode_cr_body layer_to_show lcid_to_drb_mapping_source retx_count_warn show_bsr_median show_drx track_sr
    mac-nr attempt_rrc_decode attempt_to_dissect_srb_sdus lcid_to_drb_mapping_source
    mactelnet udp.port
    manolito udp.port
    mate config
    mausb tcp.port udp.port
    mbim control_decode_unknown_itf extended_version sms_pdu_format
    mbrtu crc_verification desegment tcp.port udp.port
    mbtcp desegment tcp.port tls.port
    mbudp udp.port
    mc-nmf tcp.port
    mcpe udp.port
    mdns udp.port
    mdshdr decode_if_etype_zero
    megaco ctx_info display_dissect_tree display_raw_text sctp.port tcp.port udp.port
    memcache desegment_headers desegment_pdus tcp.port udp.port
    mgcp display_mgcp_message_count display_raw_text tcp.callagent_port tcp.gateway_port tcp.port udp.callagent_port udp.gateway_port udp.port
    mih tcp.port udp.port
    mikey tcp.port udp.port
    mime_multipart display_unknown_body_as_text remove_base64_encoding uncompress_data
    mint udp.port
    miop udp.port
    mip udp.port
    mipv6 udp.port
    mle meshlink_mic_ok udp.port
    mndp udp.port
    modbus mbus_register_format
    mojito udp.port
    moldudp udp.port
    moldudp64 udp.port
    mongo tcp.port
    mp fragment_aging max_fragments short_seqno
    mp2t tcp.port udp.port
    mp4v-es rtp.pt
    mpeg_dsmcc tcp.port udp.port verify_crc
    mpeg_sect verify_crc
    mpls flowlabel_in_mpls_header udp.port
    mpls-echo udp.port
    mplspwatmaal5sdu allow_cw_length_nonzero_aal5 extend_cw_length_with_rsvd_aal5
    mplspwatmn1cw allow_cw_length_nonzero extend_cw_length_with_rsvd
    mptcp analyze_mappings analyze_mptcp intersubflows_retransmission relative_sequence_numbers
    mq desegment reassembly tcp.port
    mqpcf maxlst maxprm
    mqtt default_version show_msg_as_text tcp.port
    mqttsn udp.port
    mrcpv2 tcp.port
    msdp tcp.port
    msmms tcp.port udp.port
    msnms tcp.port
    msproxy udp.port
    msrp display_raw_text show_setup_info tcp.port
    mtp2 capture_contains_frame_check_sequence reverse_bit_order_mtp2 rtp.pt use_extended_sequence_numbers
    mtp3 addr_format ansi_5_bit_sls heuristic_standard itu_pc_structure itu_priority japan_5_bit_sls japan_pc_structure standard
    mysql desegment_buffers show_sql_query tcp.port
    nameres dns_pkt_addr_resolution hosts_file_handling load_smi_modules mac_name name_resolve_concurrency network_name ss7_pc_name suppress_smi_errors transport_name use_custom_dns_servers use_external_name_resolver vlan_name
    nano tcp.port udp.port
    nas-5gs decode_user_data_container_as non_ip_data_dissector null_decipher
    nas-eps decode_user_data_container_as dissect_plain non_ip_data_dissector null_decipher
    nasdaq_itch chi_x
    nasdaq_soup desegment tcp.port
    nat-pmp udp.port
    nb_rtpmux udp.port
    nbap ib_sg_data_encoding lch10_content lch11_content lch12_content lch13_content lch14_content lch15_content lch16_content lch1_content lch2_content lch3_content lch4_content lch5_content lch6_content lch7_content lch8_content lch9_content
    nbd desegment_nbd_messages
    nbdgm udp.port
    nbns udp.port
    nbp udp.port
    nbss desegment_nbss_commands tcp.port
    ncp connection_2_expert defragment_nds desegment eid_2_expert error_2_expert file_2_expert newstyle server_2_expert tcp.port
    ndmp default_protocol_version defragment desegment tcp.port
    ndps desegment_spx desegment_tcp show_oid tcp.port
    netbios defragment
    netdump udp.port
    netsync desegment_netsync_messages tcp.port
    newmail udp.port
    nfs display_major_nfsv4_ops display_nfsv4_tag fhandle_find_both_reqrep file_full_name_snooping file_name_snooping
    ngap dissect_container dissect_lte_container_as dissect_target_ng_ran_container_as sctp.port
    nge udp.port
    nhrp auth_ext_has_addr
    njack udp.port
    nlm msg_res_matching
    nntp tcp.port
    nordic_ble udp.port
    norm udp.port
    nr-rrc nas_in_root_tree
    ntlmssp nt_password
    ntp tcp.port udp.port
    nvme-rdma subsystem_ports
    nvme-tcp check_ddgst check_hdgst subsystem_ports
    nw_mtp udp.port
    nxp_802154_sniffer udp.port
    obex tcp.port udp.port
    ocfs2 tcp.port
    oer display_internal_oer_fields
    oicq udp.port
    olsr ff_olsrorg nrlolsr udp.port
    omapi tcp.port
    omron tcp.port udp.port
    opa fe.tcp.port fe.tls.port mad.parse_mad_error mad.reassemble_rmpp
    opcua tcp.port
    openflow desegment tcp.port
    opensafety classify_transport debug_verbose display_intergap_data enable_mbtcp enable_udp filter_nodes filter_show_nodes_in_filterlist mbtcp_big_endian network_udp_frame_first network_udp_frame_first_sercosiii network_udp_port network_udp_port_sercosiii scm_udid scm_udid_autoset
    opensafety_udp network_udp_port
    openvpn long_format tcp.port tls_auth tls_auth_detection_override tls_auth_hmac_size tls_crypt udp.port
    openwire desegment tcp.port verbose_type
    opsi desegment_opsi_messages tcp.port
    optommp tcp.port udp.port
    opus rtp.pt
    oran_fh_cus oran.bandsector_id_bits oran.cc_id_bits oran.du_port_id_bits oran.iq_bitwidth_down oran.iq_bitwidth_up oran.num_bf_antennas oran.num_weights_per_bundle oran.rbs_in_uplane_section oran.ru_port_id_bits oran.show_iq_samples oran.ud_comp_down oran.ud_comp_hdr_down oran.ud_comp_hdr_up oran.ud_comp_up
    osc tcp.port
    osi tcp.port tpkt_reassemble
    osmux udp.port
    ossp option_network
    ouch tcp.port
    p1 tcp.port
    p7 tcp.port
    p_mul decode reassemble relative_msgid seq_ack_analysis udp.port
    packetbb udp.port
    pana udp.port
    papi experimental_decode udp.port
    pathport udp.port
    pcap sccp.ssn
    pcep tcp.port
    pcli summary_in_tree udp.port
    pcli12 udp.port
    pcli20 udp.port
    pcli8 udp.port
    pcomtcp tcp.port
    pcp tcp.port
    pdc tcp.port
    pdcp-lte check_sequence_numbers decipher_signalling decipher_userplane default_ciphering_algorithm default_integrity_algorithm dissect_rohc ignore_rrc_sec_params layer_to_show show_signalling_plane_as_rrc show_user_plane_as_ip verify_integrity
    pdcp-nr check_sequence_numbers decipher_signalling decipher_userplane default_ciphering_algorithm default_integrity_algorithm dissect_rohc ignore_rrc_sec_params layer_to_show show_signalling_plane_as_rrc show_user_plane_as_ip verify_integrity
    pdu_transport tcp.port udp.port
    peekremote udp.port
    per display_internal_per_fields
    pfcp track_pfcp_session udp.port
    pflog id_endian
    pgm check_checksum udp.port
    pgsql tcp.port
    pim payload_tree
    pkcs12 password try_null_password
    pkt_ccc udp.port
    pktc udp.port
    pmproxy tcp.port
    pn532 prtype532
    pn_io pnio_ps_networkpath pnio_ps_selection
    pn_rt desegment summary_in_tree udp.port
    pnrp udp.port
    pop desegment_data tcp.port
    portcontrol udp.port
    ppi reassemble
    ppp default_proto_id fcs_type
    pppoed show_tags_and_lengths
    pptp tcp.port
    protobuf add_default_value bytes_as_string display_json_mapping pbf_as_hf preload_protos show_all_types show_details try_dissect_as_string use_utc
    protocols display_byte_fields_with_spaces display_hidden_proto_items enable_incomplete_dissectors_check strict_conversation_tracking_heuristics
    ptp analyze_ptp_messages udp.port
    ptpip tcp.port vendor
    pulse udp.port
    pvfs desegment tcp.port
    pwcesopsn udp.port
    pwsatopcw udp.port
    q931 desegment_h323_messages iso_iec_cause_coding reassembly
    q932 facility_encoding
    quake udp.port
    quake2 udp.port
    quake3 udp.arena_port udp.master_port
    quakeworld udp.port
    quic reassemble_crypto_out_of_order udp.port
    r3 tcp.port
    radiotap bit14_fcs_in_header fcs_handling interpret_high_rates_as_mcs
    radius disable_extended_attributes shared_secret show_length udp.port validate_authenticator
    ranap dissect_rrc_container sccp.ssn
    rdp tcp.port
    rdt show_setup_info udp.port
    redbackli udp.port
    reload defragment nodeid_length topology_plugin
    reload-framing tcp.port udp.port
    resp desegment_data tcp.port
    riemann tcp.port udp.port
    rip display_routing_domain udp.port
    ripng udp.port
    rlc ciphered_data header_only_mode ignore_rrc_cipher_indication li_size perform_reassembly
    rlc-lte call_ip_for_mtch call_pdcp_for_drb call_pdcp_for_srb call_rrc_for_ccch call_rrc_for_mcch do_sequence_analysis do_sequence_analysis_am header_only_mode reassembly
    rlc-nr call_pdcp_for_dl_drb call_pdcp_for_srb call_pdcp_for_ul_drb call_rrc_for_ccch header_only_mode reassemble_am_frames reassemble_um_frames
    rlogin tcp.port
    rmcp udp.port
    rmi tcp.port
    roon_disco udp.port
    rpc defragment_rpc_over_tcp desegment_rpc_over_tcp dissect_unknown_programs find_fragment_start max_tcp_pdu_size tcp.port udp.port
    rpcap decode_content desegment_pdus linktype
    rpkirtr tcp.port tcp.rpkirtr_tls.port
    rrc nas_in_root_tree
    rsh info_show_client_username info_show_command info_show_server_username tcp.port
    rsip tcp.port udp.port
    rsp udp.port
    rsvp generalized_label_options process_bundle udp.port
    rsync desegment tcp.port
    rtcdc sctp.ppi
    rtcp default_protocol roundtrip_min_threshhold show_roundtrip_calculation show_setup_info udp.port
    rtls udp.port
    rtmpt desegment max_packet_size tcp.port
    rtp desegment_rtp_streams show_setup_info version0_type
    rtp_rfc2198 rtp.pt
    rtpevent rtp.pt
    rtpmidi rtp.pt
    rtpproxy establish_conversation reply.timeout tcp.port udp.port
    rtps enable_max_dissection_array_elements enable_max_dissection_info_elements enable_rtps_reassembly enable_topic_info enable_user_data_dissection max_batch_samples_dissected max_dissection_array_elements max_dissection_info_elements
    rtse reassemble
    rtsp desegment_body desegment_headers tcp.port
    rua sctp.port
    rudp udp.port
    rx udp.port
    s101 tcp.port
    s1ap dissect_container dissect_lte_container_as sctp.port
    s5066dts proto_desegment tcp.port
    s5066sis desegment_pdus edition_one tcp.port
    sabp tcp.port udp.port
    sametime reassemble show_length tcp.port
    sap udp.port
    sasp desegment_sasp_messages tcp.port
    sbus udp.port
    sccp default_payload defragment_xudt dt1_ignore_length set_addresses show_length show_more_info source_pc trace_sccp
    scop tcp.port udp.port
    scsi decode_scsi_messages_as defragment
    sctp association_index checksum reassembly relative_tsns show_always_control_chunks show_port_numbers_in_tree try_heuristic_first tsn_analysis udp.port ulp_dissection
    scylla desegment tcp.port
    sdh data.rate
    sdp establish_conversation
    sebek udp.port
    selfm crc_verification desegment ser_list tcp.port telnetclean
    ses desegment
    sflow enable_analysis enable_dissection udp.port
    sgsap sctp.port
    sigcomp decomp.msg display.bytecode display.decomp.msg.as.txt display.udvm.code show.udvm.execution tcp.port udp.port
    signal_pdu payload_dissector_activated payload_dissector_hide_raw_values payload_dissector_show_hidden
    simple tcp.port udp.port
    simulcrypt ca_system_id_mikey tcp.port udp.port
    sip delay_sdp_changes desegment_body desegment_headers display_raw_text display_raw_text_without_crlf hide_generatd_call_id retrans_the_same_sport strict_sip_version tcp.port tls.port udp.port validate_authorization
    sir tcp.port
    skinny desegment tcp.port
    skype tcp.port udp.port
    slimp3 udp.port
    slsk decompress desegment tcp.port
    smb dcerpc_reassembly eosmb_take_name_as_fid sid_display_hex sid_name_snooping trans_reassembly
    smb2 eosmb2_take_name_as_fid pipe_reassembly verify_signatures
    smb_direct reassemble_smb_direct
    sml crc reassemble tcp.port udp.port
    smp desegment tcp.port
    smpp decode_sms_over_smpp gsm7_unpacked reassemble_smpp_over_tcp tcp.port
    smrse tcp.port
    smtp decryption desegment_data desegment_lines tcp.port
    smux tcp.port
    sna defragment
    snmp desegment display_oid tcp.port udp.port var_in_tree
    snort alerts_source binary config ignore_checksum_errors show_alert_expert_info show_alert_in_reassembled_frame show_rule_set_stats
    socks tcp.port
    solaredge system_encryption_key unknown
    someip payload_dissector_activated payload_dissector_wtlv_default reassemble_tp tcp.port udp.port
    someipsd ports.tcp.ignore ports.udp.ignore
    soupbintcp desegment tcp.port
    spdy assemble_data_frames decompress_body decompress_headers tcp.port
    spice tcp.port
    sprt show_dlci_info show_setup_info udp.port
    srtcp decode_application_subtype udp.port
    srvloc desegment_tcp tcp.port udp.port
    sscop payload udp.port
    ssdp udp.port
    ssh debug_file desegment_buffers keylog_file tcp.port
    ssyncp key
    starteam desegment
    statistics st_burst_resolution st_burst_showcount st_burst_windowlen st_enable_burstinfo st_sort_casesensitve st_sort_defcolflag st_sort_defdescending st_sort_rng_fixorder st_sort_rng_nameonly st_sort_showfullname update_interval
    steam_ihs_discovery udp.port
    stp use_system_id_extension
    stt check_checksum reassemble
    stun stunversion tcp.port udp.port
    sua set_addresses version
    sv decode_data_as_phsmeas
    sync udp.port
    synergy tcp.port
    synphasor tcp.port udp.port
    syslog tcp.port udp.port
    t38 dissect_possible_rtpv2_packets_as_rtp reassembly show_setup_info tcp.port tpkt_usage use_pre_corrigendum_asn1_specification
    tacacs udp.port
    tacplus desegment key tcp.port
    tali reassemble
    tapa udp.port
    tcap losttimeout persistentsrt repetitiontimeout ssn
    tcp analyze_sequence_numbers bif_seq_based calculate_timestamps check_checksum default_window_scaling desegment_tcp_streams display_process_info_from_ipfix dissect_experimental_options_rfc6994 fastrt_supersedes_ooo ignore_tcp_timestamps no_subdissector_on_error read_seq_as_syn_cookie reassemble_out_of_order relative_sequence_numbers summary_in_tree track_bytes_in_flight try_heuristic_first udp.port
    tcpcl analyze_sequence decode_bundle desegment_transfer tcp.port
    tcpencap tcp.port
    tcpros desegment_tcpros_messages tcp.port
    tdmoe d_channel
    tdmop d_channel ethertype ts_mask udp.port
    tds defragment desegment_buffers endian_type protocol_type tcp.port
    tecmp analog_samples_sint try_heuristic_first
    telnet tcp.port
    teredo udp.port
    tetra include_carrier_number udp.port
    tfp tcp.port
    tftp defragment udp.port
    thread thr_auto_acq_thr_seq_ctr thr_seq_ctr thr_use_pan_id_in_key
    thrift decode_binary desegment_framed fallback_on_generic nested_type_depth show_internal tcp.port tls.port udp.port
    tibia dissect_game_commands reassemble_tcp_segments show_acc_info show_char_name show_xtea_key tcp.port try_otserv_key
    time display_time_type tcp.port udp.port
    tipc defragment desegment dissect_tipc_data handle_v2_as tcp.port try_heuristic_first udp.port
    tivoconnect tcp.port udp.port
    tls debug_file desegment_ssl_application_data desegment_ssl_records ignore_ssl_mac_failed keylog_file keys_list psk
    tns desegment_tns_messages tcp.port
    tpcp udp.port
    tpkt desegment tcp.port
    tplink-smarthome tcp.port udp.port
    tpm tcp.port
    tpncp load_db tcp.port udp.port
    tr fix_linux_botches
    transum capture_position debug_enabled orphan_ka_discard reassembly rte_on_first_req rte_on_first_rsp rte_on_last_req rte_on_last_rsp tcp_port_ranges udp_port_ranges
    ts2 udp.port
    tsdns tcp.port
    tsp udp.port
    tte ct_marker_value ct_mask_value
    turnchannel tcp.port udp.port
    tuxedo tcp.port
    tzsp udp.port
    ua3g setup_conversations
    uasip noesip proxy_ipaddr
    uaudp system_ip udp.port
    ubdp udp.port
    ucp desegment_ucp_messages tcp.port
    udp calculate_timestamps check_checksum ignore_ipv6_zero_checksum process_info summary_in_tree try_heuristic_first
    udpcp attempt_reassembly attempt_xml_decode udp.port
    udpencap udp.port
    udplite calculate_timestamps check_checksum ignore_checksum_coverage
    udt udp.port
    uftp udp.port
    uhd udp.port
    ulp desegment_ulp_messages tcp.port udp.port
    uma desegment_ucp_messages tcp.port udp.port
    unistim udp.port
    usb try_heuristics
    usbip tcp.port
    usbll global_pref_dissect_unknown_speed_as
    userlog udp.port
    vcdu udp.port
    vicp tcp.port
    vines_frp udp.port
    vlan priority_drop qinq_ethertype summary_in_tree version
    vnc desegment tcp.port
    vp8 rtp.pt
    vrrp v3_checksum_as_in_v2
    vrt ettus_uhd_header_format udp.port
    vsip tcp.port udp.port
    vssmonitoring dissect_portstamping_only two_byte_portstamps
    vxlan udp.port
    vxlan_gpe udp.port
    wassp udp.port
    wbxml disable_wbxml_token_parsing skip_wbxml_token_mapping
    wccp udp.port
    websocket decompress text_type
    wg dissect_packet keylog_file udp.port
    who udp.port
    whois tcp.port
    wimaxasncp debug_enabled nwg_version show_transaction_id_d_bit udp.port
    wimaxmacphy udp.port
    winsrepl reassemble tcp.port
    wlan check_checksum check_fcs defragment enable_decryption ignore_draft_ht ignore_wep retransmitted treat_as_s1g wpa_key_mic_len wpa_key_mic_len_enable
    wlan_radio always_short_preamble timeline tsf_at_end
    wlccp udp.port
    wmx basic_cid_max corrigendum_2_version
    wow desegment tcp.port
    woww tcp.port
    wpan 802154_ack_tracking 802154_ethertype 802154_extend_auth 802154_fcs_ok 802154_sec_suite 802154e_compatibility fcs_format
    wsp udp.port
    wtls udp.port
    wtp udp.port
    x11 desegment tcp.port
    x25 call_request_nodata_is_cotp payload_check_data payload_is_qllc_sna reassemble
    x2ap dissect_rrc_context_as sctp.port
    xdmcp udp.port
    xmcp tcp.port
    xml heuristic_unicode tcp.port
    xmpp desegment tcp.port
    xnap dissect_lte_rrc_context_as dissect_target_ng_ran_container_as sctp.port
    xot desegment tcp.port x25_desegment
    xti tcp.port
    xyplex udp.port
    yami desegment tcp.port udp.port
    ymsg desegment
    z3950 desegment_buffers tcp.port
    zbee_aps zbeeseversion
    zbee_nwk seclevel
    zebra tcp.port
    ziop udp.port
    zrtp udp.port
    zvt tcp.port
    """
