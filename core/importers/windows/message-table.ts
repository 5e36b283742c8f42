/**
 * What the `%%NNNN` of Security events stand for: Windows keeps these words in message files on the machine, so an event
 * that has left it carries only the number (formats.md A3.3). Short names here; ids not listed stay as they are.
 */
const RUNS: readonly (readonly [first: number, words: string])[] = [
  [1537, 'DELETE|READ_CONTROL|WRITE_DAC|WRITE_OWNER|SYNCHRONIZE|ACCESS_SYS_SEC|MAX_ALLOWED'],
  [1792, 'value changed, not shown|value not set|never|Enabled|Disabled|All|None'],
  [
    1801,
    'granted by|denied by|denied by integrity policy|granted by ownership|not granted|granted by null DACL',
  ],
  [
    1807,
    'denied by empty DACL|granted by null security descriptor|unknown or unchecked|not granted, missing',
  ],
  [
    1811,
    'granted by parent folder|denied by parent folder|granted by central rule|not granted by central rule',
  ],
  [1831, 'Anonymous|Identification|Impersonation'],
  [1840, 'Delegation'],
  [1842, 'Yes|No|System|Not available|Default|DisallowMmConfig|Off|Auto'],
  [1872, 'REG_NONE|REG_SZ|REG_EXPAND_SZ|REG_BINARY|REG_DWORD|REG_DWORD_BIG_ENDIAN|REG_LINK|REG_MULTI_SZ'],
  [1880, 'REG_RESOURCE_LIST|REG_FULL_RESOURCE_DESCRIPTOR|REG_RESOURCE_REQUIREMENTS_LIST|REG_QWORD'],
  [1904, 'value created|value modified|value deleted'],
  [1936, 'default|full|limited'],
  [
    2048,
    'account enabled|home directory not required|password required|no temporary duplicate|not a normal account',
  ],
  [2053, 'no MNS logon account|no interdomain trust|no workstation trust|no server trust|password expires'],
  [2058, 'account locked|no encrypted text password|smart card not required|not trusted for delegation'],
  [2062, 'delegation allowed|no DES only|preauthentication required|password not expired'],
  [2066, 'not trusted to authenticate for delegation'],
  [2080, 'account disabled|home directory required|password not required|temporary duplicate|normal account'],
  [2085, 'MNS logon account|interdomain trust|workstation trust|server trust|password does not expire'],
  [2090, 'account unlocked|encrypted text password|smart card required|trusted for delegation'],
  [2094, 'delegation not allowed|DES only|no preauthentication|password expired'],
  [2098, 'trusted to authenticate for delegation'],
  [
    2304,
    'error during logon|account expired|NetLogon not active|account locked out|logon type not granted here',
  ],
  [
    2309,
    'password expired|account disabled|logon hours|not allowed at this computer|unknown user or bad password',
  ],
  [2314, 'domain SID inconsistent|smart card required and not used'],
  [
    4416,
    'ReadData/ListDirectory|WriteData/AddFile|AppendData/AddSubdirectory|ReadEA|WriteEA|Execute/Traverse',
  ],
  [4422, 'DeleteChild|ReadAttributes|WriteAttributes'],
  [4432, 'QueryValue|SetValue|CreateSubKey|EnumerateSubKeys|Notify|CreateLink'],
  [4480, 'Terminate|CreateThread|SetSessionId|VmOperation|VmRead|VmWrite|DuplicateHandle|CreateProcess'],
  [4488, 'SetQuota|SetInformation|QueryInformation|SetPort'],
  [5376, 'ConnectToServer|ShutdownServer|InitializeServer|CreateDomain|EnumerateDomains|LookupDomain'],
  [
    5392,
    'ReadPasswordParameters|WritePasswordParameters|ReadOtherParameters|WriteOtherParameters|CreateUser',
  ],
  [
    5397,
    'CreateGlobalGroup|CreateLocalGroup|GetLocalGroupMembership|ListAccounts|LookupIds|AdministerServer',
  ],
  [5408, 'ReadInformation|WriteAccount|AddMember|RemoveMember|ListMembers'],
  [5424, 'AddMember|RemoveMember|ListMembers|ReadInformation|WriteAccount'],
  [5440, 'ReadGeneralInformation|ReadPreferences|WritePreferences|ReadLogon|ReadAccount|WriteAccount'],
  [5446, 'ChangePassword|SetPassword|ListGroups|ReadGroupMembership|ChangeGroupMembership'],
  [7680, 'CreateChild|DeleteChild|ListContents|WriteSelf|ReadProperty|WriteProperty|DeleteTree|ListObject'],
  [7688, 'ControlAccess'],
  [
    8272,
    'System|Logon/Logoff|Object Access|Privilege Use|Detailed Tracking|Policy Change|Account Management',
  ],
  [8279, 'DS Access|Account Logon'],
  [8448, 'Success removed|Success added|Failure removed|Failure added'],
  [
    12288,
    'Security State Change|Security System Extension|System Integrity|IPsec Driver|Other System Events',
  ],
  [12544, 'Logon|Logoff|Account Lockout|IPsec Main Mode|Special Logon|IPsec Quick Mode|IPsec Extended Mode'],
  [12551, 'Other Logon/Logoff|Network Policy Server|User/Device Claims|Group Membership'],
  [
    12800,
    'File System|Registry|Kernel Object|SAM|Other Object Access|Certification Services|Application Generated',
  ],
  [12807, 'Handle Manipulation|File Share|Filtering Packet Drop|Filtering Connection|Detailed File Share'],
  [12812, 'Removable Storage|Central Policy Staging'],
  [13056, 'Sensitive Privilege Use|Non Sensitive Privilege Use|Other Privilege Use'],
  [
    13312,
    'Process Creation|Process Termination|DPAPI Activity|RPC Events|Plug and Play|Token Right Adjusted',
  ],
  [13568, 'Audit Policy Change|Authentication Policy Change|Authorization Policy Change|MPSSVC Rule Change'],
  [13572, 'Filtering Policy Change|Other Policy Change'],
  [13824, 'User Accounts|Computer Accounts|Security Groups|Distribution Groups|Application Groups'],
  [13829, 'Other Account Management'],
  [14080, 'Directory Service Access|Directory Service Changes|Replication|Detailed Replication'],
  [14336, 'Credential Validation|Kerberos Service Tickets|Other Account Logon|Kerberos Authentication'],
  [14592, 'inbound|outbound|forward'],
  [14608, 'Resource Assignment|Listen|Receive/Accept|Connect|Flow Established'],
  [14674, 'value-added|value-deleted'],
]
const WORDS: ReadonlyMap<string, string> = new Map(
  RUNS.flatMap(([first, words]) =>
    words.split('|').map((word, index): [string, string] => [String(first + index), word]),
  ),
)

/** The text with every known `%%NNNN` put into words. */
export function resolveMessages(text: string): string {
  if (!text.includes('%%')) return text
  return text.replace(/%%(\d{4,5})\b/g, (whole, id: string) => WORDS.get(id) ?? whole)
}
