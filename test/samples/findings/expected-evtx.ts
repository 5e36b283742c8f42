import { detection, either, relation, type Expectation, type SampleCase } from './expectation.ts'

const attack = (
  name: string,
  ids: readonly string[],
  expects: readonly Expectation[],
  note?: string,
): SampleCase => ({
  name,
  paths: [`evtx/attack-samples/${name}.evtx`],
  attack: ids,
  expects,
  ...(note === undefined ? {} : { note }),
})
const mitre = (
  name: string,
  ids: readonly string[],
  expects: readonly Expectation[],
  note?: string,
): SampleCase => ({
  ...attack(name, ids, expects, note),
  paths: [`evtx/mitre-attack/${name}.evtx`],
})
const is = (what: string, isFound: Expectation['isFound']): Expectation => ({ what, isFound })

/** The EVTX attack samples: what name and folder of each file say it holds. */
export const EVTX_SAMPLES: readonly SampleCase[] = [
  attack(
    'DE_104_system_log_cleared',
    ['T1070.001'],
    [is('an event log was cleared', detection(/evasion\.log_cleared/))],
  ),
  attack(
    'DE_RDP_Tunneling_4624',
    ['T1572', 'T1021.001'],
    [
      is(
        'remote desktop came through a tunnel: a logon from the machine itself',
        detection(/tunnelled-desktop/),
      ),
    ],
  ),
  attack(
    'DE_sysmon-3-rdp-tun',
    ['T1572'],
    [
      is('plink connects outwards', relation('connected-to', /plink/i)),
      is(
        'the tunnel is recognised (remote port forwarding to 3389)',
        detection(/tunnel|lolbin|evasion/i, /plink|PC01/i),
      ),
    ],
  ),
  attack(
    'DE_suspicious_remote_eventlog_svc_access_5145',
    ['T1070'],
    [
      is(
        'who used the pipe of the event log from afar, from which address',
        either(relation('remote-logon'), relation('signed-in-as')),
      ),
      is('the log was cleared before', detection(/evasion\.log_cleared/)),
    ],
  ),
  attack(
    'ImpersonateUser-via_local_Pass_The_Hash_Sysmon_and_Security',
    ['T1550.002'],
    [
      is(
        'somebody acts with a borrowed or passed identity',
        detection(/pass-the-hash|borrowed-session|network-credentials/),
      ),
      is('PowerShell starts a shell', relation('spawned', /powershell/i, /cmd/i)),
    ],
  ),
  attack(
    'LM_sysmon_remote_task_src_powershell',
    ['T1053.005'],
    [
      is('PowerShell reaches for another machine', relation('connected-to', /powershell/i)),
      is('it makes a task there', either(relation('remote-execution'), relation('created-task'))),
    ],
    'Only the source is recorded, and no command line: connections to port 135 and the library of the task service.',
  ),
  attack(
    'Powershell_4104_MiniDumpWriteDump_Lsass',
    ['T1003.001'],
    [
      is('the script dumps the memory of lsass', detection(/script\.hostile/)),
      is('that is access to credentials', relation('accessed-credentials')),
    ],
  ),
  attack(
    'Sysmon_UACME_32',
    ['T1548.002'],
    [
      is('a library is put down for an elevated program', relation('dropped', /UACME/i, /OskSupport/i)),
      is('the bypass is recognised', detection(/hijack|evasion|lolbin|masquerade/)),
    ],
  ),
  attack(
    'Sysmon_UACME_33',
    ['T1548.002'],
    [
      is('fodhelper is given a command in the registry', relation('wrote-registry', /./, /ms-settings/i)),
      is('the bypass is recognised', detection(/registry\.hijack/)),
    ],
  ),
  attack(
    'UACME_59_Sysmon',
    ['T1548.002'],
    [is('the bypass is recognised', detection(/hijack|injection|evasion|masquerade/))],
    'Seen by the name the program takes on (explorer.exe) under one sensor id; of its use of a debug object the log holds nothing.',
  ),
  attack(
    'UACME_61_Changepk',
    ['T1548.002'],
    [
      is('changepk runs what the registry names', relation('spawned', /changepk/i, /cmd/i)),
      is('the bypass is recognised', detection(/registry\.hijack/)),
    ],
  ),
  attack(
    'WinDefender_Events_1117_1116_AtomicRedTeam',
    [],
    [is('the scanner found malware, told as a detection', detection(/malware|product/))],
  ),
  attack(
    'bits_openvpn',
    ['T1197'],
    [is('transfers by BITS', relation('connected-to', /./, /^https?:/i))],
    'The name promises OpenVPN; no record of the log holds the word.',
  ),
  attack(
    'dfir_rdpsharp_target_RdpCoreTs_168_68_131',
    ['T1021.001'],
    [is('attempts at remote desktop', detection(/brute-force|spray/))],
    'The records of this log name addresses, no accounts, and say nothing of success.',
  ),
  attack(
    'discovery_sysmon_18_Invoke_UserHunter_NetSessionEnum_DC-srvsvc',
    ['T1049', 'T1033'],
    [is('sessions of a domain controller were listed', detection(/discover|session/))],
    'One connection to the pipe srvsvc, by System: what every file share does.',
  ),
  attack(
    'exec_emotet_ps_800_new-object',
    ['T1059.001'],
    [is('a hostile script ran', detection(/script\.hostile/))],
  ),
  attack(
    'exec_sysmon_1_11_lolbin_rundll32_openurl_FileProtocolHandler',
    ['T1218.011'],
    [
      is('rundll32 runs programs for others', detection(/lolbin/, /rundll32/i)),
      is('mshta is started by it', relation('spawned', /rundll32/i, /mshta/i)),
    ],
  ),
  attack(
    'exec_sysmon_1_11_lolbin_rundll32_zipfldr_RouteTheCall',
    ['T1218.011'],
    [is('rundll32 runs a program through zipfldr', detection(/lolbin\.proxy/, /rundll32/i))],
  ),
  attack(
    'exec_sysmon_1_lolbin_pcalua',
    ['T1202'],
    [
      is('pcalua runs a program', detection(/lolbin\.proxy/, /pcalua/i)),
      is('calc is its child', relation('spawned', /pcalua/i, /calc/i)),
    ],
  ),
  attack('net_share_drive_5142', ['T1021.002'], [is('a whole drive was shared', detection(/share/))]),
  attack(
    'persistence_pendingGPO_sysmon_13',
    ['T1547'],
    [is('group policy was misused to start something', detection(/persistence\.registry/))],
  ),
  attack(
    'powercat_revShell_sysmon_1_3',
    ['T1059.001', 'T1571'],
    [
      is('PowerShell starts a shell', relation('spawned', /powershell/i, /cmd/i)),
      is(
        'a shell is served to another machine',
        detection(/shell|backdoor|lolbin/i, /powershell|cmd|IEWIN7/i),
      ),
    ],
  ),
  attack(
    'ppl_bypass_ppldump_knowdll_hijack_sysmon_security',
    ['T1003.001'],
    [
      is('the memory of lsass is dumped', relation('accessed-credentials', /services/i, /lsass/i)),
      is('services.exe has a parent it never has', detection(/masquerade\.wrong_parent/)),
    ],
  ),
  attack(
    'privesc_spoolfool_mahdihtm_sysmon_1_11_7_13',
    ['T1068'],
    [
      is('a library is put where the spooler loads from', relation('dropped', /SpoolFool/i, /Test\.dll/i)),
      is('the abuse of the spooler is recognised', detection(/registry|spool/)),
    ],
  ),
  attack(
    'sysmon_10_1_memdump_comsvcs_minidump',
    ['T1003.001'],
    [
      is('comsvcs.dll writes a dump', relation('dropped', /rundll32/i, /notepad\.bin/i)),
      is('the dump is recognised', detection(/credential-command/)),
    ],
    'The dumped process is Notepad: the technique, not the theft.',
  ),
  attack(
    'sysmon_10_lsass_mimikatz_sekurlsa_logonpasswords',
    ['T1003.001'],
    [
      is('mimikatz reads lsass', relation('accessed-credentials', /mimikatz/i, /lsass/i)),
      is('told as a detection', detection(/credential-memory/, /mimikatz/i)),
    ],
  ),
  attack(
    'sysmon_13_rdp_settings_tampering',
    ['T1112', 'T1021.001'],
    [
      is('remote desktop is switched on and its port changed', detection(/registry\.weakened/)),
      is('by whom', relation('wrote-registry', /RDPWInst|regedit/i, /Terminal Server/i)),
    ],
  ),
  attack(
    'sysmon_lolbin_bohops_vshadow_exec',
    ['T1202'],
    [is('vshadow runs a program', detection(/lolbin/, /vshadow/i))],
  ),
  attack(
    'wmighost_sysmon_20_21_1',
    ['T1546.003'],
    [
      is('a permanent WMI subscription', relation('created-subscription')),
      is('told as a detection', detection(/persistence\.wmi/)),
    ],
  ),
  mitre(
    'ID33205-SQL_Server_audit_object_deleted',
    ['T1562.002'],
    [is('the audit of the SQL server was removed', detection(/evasion/))],
  ),
  mitre(
    'ID4688,4778,4779_RDP_hijack_direct',
    ['T1563.002'],
    [is('a remote-desktop session was taken over', detection(/session-hijack/))],
  ),
  mitre(
    'ID4688-Delete_Window_backup_(webadmin)',
    ['T1490'],
    [is('backups were deleted', detection(/evasion\.(?:shadow_deleted|recovery_off)/))],
  ),
  mitre(
    'ID4688-Service_abuse_with_Failure_Command',
    ['T1543.003'],
    [
      is(
        'the failure command of a service was set',
        either(detection(/odd_service|persistence\.service|failure-command/), relation('installed-service')),
      ),
    ],
  ),
  mitre(
    'ID4720-Fake_computer_account_created',
    ['T1136'],
    [is('an account made to look like a computer', detection(/disguised-account/))],
  ),
  mitre(
    'ID4825-Denied_RDP_connection_with_valid_credentials',
    ['T1021.001'],
    [is('a valid account was refused at remote desktop', detection(/refused-desktop/))],
  ),
  mitre(
    'ID5136-AdminSDholder_permissions_changed',
    ['T1546', 'T1098'],
    [is('rights on AdminSDHolder were changed', detection(/rights-changed/))],
  ),
  mitre(
    'ID5142-5143-Mimispool_print_share_created_and_modified',
    ['T1021'],
    [is('a share for printer drivers was made', detection(/share/))],
  ),
  mitre(
    'ID800-4103-4104-Delete_VSS_backup_(PowerShell)',
    ['T1490'],
    [is('shadow copies were deleted by a script', detection(/shadow_deleted|script\.hostile/))],
  ),
  mitre(
    'ID800-4103-4104-Print_spooler_privilege_escalation_(CVE-2020-1048)',
    ['T1547', 'T1068'],
    [is('a printer port that is a file was made', detection(/script\.hostile|registry|spool/))],
  ),
]
