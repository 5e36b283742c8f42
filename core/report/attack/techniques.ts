/** Tactics of ATT&CK for Enterprise, in the order of its matrix. */
export const TACTICS = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
] as const
export type Tactic = (typeof TACTICS)[number]

export interface Technique {
  readonly name: string
  readonly tactics: readonly Tactic[]
}

const SHORT: ReadonlyMap<string, Tactic> = new Map([
  ['RD', 'resource-development'],
  ['IA', 'initial-access'],
  ['EX', 'execution'],
  ['PE', 'persistence'],
  ['PR', 'privilege-escalation'],
  ['DE', 'defense-evasion'],
  ['CA', 'credential-access'],
  ['DI', 'discovery'],
  ['LM', 'lateral-movement'],
  ['CO', 'collection'],
  ['C2', 'command-and-control'],
  ['XF', 'exfiltration'],
  ['IM', 'impact'],
])

// Technique, its name in ATT&CK (names are not translated), its tactics. Those that rules of this tool name, and near ones.
const ROWS = `
T1003|OS Credential Dumping|CA
T1003.001|OS Credential Dumping: LSASS Memory|CA
T1003.002|OS Credential Dumping: Security Account Manager|CA
T1003.003|OS Credential Dumping: NTDS|CA
T1003.006|OS Credential Dumping: DCSync|CA
T1021|Remote Services|LM
T1021.001|Remote Services: Remote Desktop Protocol|LM
T1021.002|Remote Services: SMB/Windows Admin Shares|LM
T1021.003|Remote Services: Distributed Component Object Model|LM
T1021.006|Remote Services: Windows Remote Management|LM
T1027|Obfuscated Files or Information|DE
T1027.010|Obfuscated Files or Information: Command Obfuscation|DE
T1027.012|Obfuscated Files or Information: LNK Icon Smuggling|DE
T1027.013|Obfuscated Files or Information: Encrypted/Encoded File|DE
T1029|Scheduled Transfer|XF
T1036|Masquerading|DE
T1036.002|Masquerading: Right-to-Left Override|DE
T1036.003|Masquerading: Rename Legitimate Utilities|DE
T1036.005|Masquerading: Match Legitimate Resource Name or Location|DE
T1036.007|Masquerading: Double File Extension|DE
T1036.009|Masquerading: Break Process Trees|DE
T1037.001|Boot or Logon Initialization Scripts: Logon Script (Windows)|PE,PR
T1037.003|Boot or Logon Initialization Scripts: Network Logon Script|PE,PR
T1041|Exfiltration Over C2 Channel|XF
T1047|Windows Management Instrumentation|EX
T1048|Exfiltration Over Alternative Protocol|XF
T1048.003|Exfiltration Over Alternative Protocol: Exfiltration Over Unencrypted Non-C2 Protocol|XF
T1053.005|Scheduled Task/Job: Scheduled Task|EX,PE,PR
T1055|Process Injection|PR,DE
T1055.001|Process Injection: Dynamic-link Library Injection|PR,DE
T1055.002|Process Injection: Portable Executable Injection|PR,DE
T1055.012|Process Injection: Process Hollowing|PR,DE
T1059|Command and Scripting Interpreter|EX
T1059.001|Command and Scripting Interpreter: PowerShell|EX
T1059.003|Command and Scripting Interpreter: Windows Command Shell|EX
T1059.005|Command and Scripting Interpreter: Visual Basic|EX
T1070.001|Indicator Removal: Clear Windows Event Logs|DE
T1070.003|Indicator Removal: Clear Command History|DE
T1070.004|Indicator Removal: File Deletion|DE
T1071|Application Layer Protocol|C2
T1071.001|Application Layer Protocol: Web Protocols|C2
T1071.004|Application Layer Protocol: DNS|C2
T1078|Valid Accounts|IA,PE,PR,DE
T1078.002|Valid Accounts: Domain Accounts|IA,PE,PR,DE
T1078.004|Valid Accounts: Cloud Accounts|IA,PE,PR,DE
T1098|Account Manipulation|PE,PR
T1098.001|Account Manipulation: Additional Cloud Credentials|PE,PR
T1098.002|Account Manipulation: Additional Email Delegate Permissions|PE,PR
T1098.003|Account Manipulation: Additional Cloud Roles|PE,PR
T1098.005|Account Manipulation: Device Registration|PE,PR
T1105|Ingress Tool Transfer|C2
T1110|Brute Force|CA
T1110.001|Brute Force: Password Guessing|CA
T1110.003|Brute Force: Password Spraying|CA
T1112|Modify Registry|PE,DE
T1114|Email Collection|CO
T1114.002|Email Collection: Remote Email Collection|CO
T1114.003|Email Collection: Email Forwarding Rule|CO
T1127.001|Trusted Developer Utilities Proxy Execution: MSBuild|DE
T1134.001|Access Token Manipulation: Token Impersonation/Theft|PR,DE
T1134.003|Access Token Manipulation: Make and Impersonate Token|PR,DE
T1136|Create Account|PE
T1137|Office Application Startup|PE
T1137.001|Office Application Startup: Office Template Macros|PE
T1137.006|Office Application Startup: Add-ins|PE
T1140|Deobfuscate/Decode Files or Information|DE
T1197|BITS Jobs|PE,DE
T1203|Exploitation for Client Execution|EX
T1204|User Execution|EX
T1204.001|User Execution: Malicious Link|EX
T1204.002|User Execution: Malicious File|EX
T1213.002|Data from Information Repositories: Sharepoint|CO
T1218|System Binary Proxy Execution|DE
T1218.005|System Binary Proxy Execution: Mshta|DE
T1218.007|System Binary Proxy Execution: Msiexec|DE
T1218.010|System Binary Proxy Execution: Regsvr32|DE
T1218.011|System Binary Proxy Execution: Rundll32|DE
T1220|XSL Script Processing|DE
T1221|Template Injection|DE
T1222.001|File and Directory Permissions Modification: Windows File and Directory Permissions Modification|DE
T1484.001|Domain or Tenant Policy Modification: Group Policy Modification|PR,DE
T1484.002|Domain or Tenant Policy Modification: Trust Modification|PR,DE
T1489|Service Stop|IM
T1490|Inhibit System Recovery|IM
T1528|Steal Application Access Token|CA
T1530|Data from Cloud Storage|CO
T1531|Account Access Removal|IM
T1534|Internal Spearphishing|LM
T1543.003|Create or Modify System Process: Windows Service|PE,PR
T1546.001|Event Triggered Execution: Change Default File Association|PE,PR
T1546.002|Event Triggered Execution: Screensaver|PE,PR
T1546.003|Event Triggered Execution: Windows Management Instrumentation Event Subscription|PE,PR
T1546.008|Event Triggered Execution: Accessibility Features|PE,PR
T1546.010|Event Triggered Execution: AppInit DLLs|PE,PR
T1546.012|Event Triggered Execution: Image File Execution Options Injection|PE,PR
T1546.013|Event Triggered Execution: PowerShell Profile|PE,PR
T1546.015|Event Triggered Execution: Component Object Model Hijacking|PE,PR
T1547.001|Boot or Logon Autostart Execution: Registry Run Keys / Startup Folder|PE,PR
T1547.002|Boot or Logon Autostart Execution: Authentication Package|PE,PR
T1547.004|Boot or Logon Autostart Execution: Winlogon Helper DLL|PE,PR
T1547.009|Boot or Logon Autostart Execution: Shortcut Modification|PE,PR
T1547.014|Boot or Logon Autostart Execution: Active Setup|PE,PR
T1548.002|Abuse Elevation Control Mechanism: Bypass User Account Control|PR,DE
T1550.002|Use Alternate Authentication Material: Pass the Hash|DE,LM
T1550.003|Use Alternate Authentication Material: Pass the Ticket|DE,LM
T1552.004|Unsecured Credentials: Private Keys|CA
T1553.005|Subvert Trust Controls: Mark-of-the-Web Bypass|DE
T1556|Modify Authentication Process|PE,DE,CA
T1556.006|Modify Authentication Process: Multi-Factor Authentication|PE,DE,CA
T1558|Steal or Forge Kerberos Tickets|CA
T1558.001|Steal or Forge Kerberos Tickets: Golden Ticket|CA
T1558.003|Steal or Forge Kerberos Tickets: Kerberoasting|CA
T1558.004|Steal or Forge Kerberos Tickets: AS-REP Roasting|CA
T1559|Inter-Process Communication|EX
T1560.001|Archive Collected Data: Archive via Utility|CO
T1562.001|Impair Defenses: Disable or Modify Tools|DE
T1562.002|Impair Defenses: Disable Windows Event Logging|DE
T1562.004|Impair Defenses: Disable or Modify System Firewall|DE
T1562.008|Impair Defenses: Disable or Modify Cloud Logs|DE
T1563.002|Remote Service Session Hijacking: RDP Hijacking|LM
T1564.008|Hide Artifacts: Email Hiding Rules|DE
T1566|Phishing|IA
T1566.001|Phishing: Spearphishing Attachment|IA
T1566.002|Phishing: Spearphishing Link|IA
T1567.002|Exfiltration Over Web Service: Exfiltration to Cloud Storage|XF
T1569.002|System Services: Service Execution|EX
T1570|Lateral Tool Transfer|LM
T1572|Protocol Tunneling|C2
T1573|Encrypted Channel|C2
T1583.001|Acquire Infrastructure: Domains|RD
T1606.002|Forge Web Credentials: SAML Tokens|CA
T1620|Reflective Code Loading|DE
T1621|Multi-Factor Authentication Request Generation|CA
`

const TECHNIQUES: ReadonlyMap<string, Technique> = new Map(
  ROWS.trim()
    .split('\n')
    .map((row): [string, Technique] => {
      const [id = '', name = '', tactics = ''] = row.split('|')
      return [id, { name, tactics: tactics.split(',').flatMap((short) => SHORT.get(short) ?? []) }]
    }),
)

/** Techniques of which only a sub-technique is in the table: named by what stands before its colon. */
const PARENTS: ReadonlyMap<string, Technique> = new Map(
  [...TECHNIQUES].map(([id, { name, tactics }]) => [
    id.split('.')[0] ?? id,
    { name: name.split(':')[0] ?? name, tactics },
  ]),
)

/** Name and tactics of a technique (`T1566.001`); of one we do not know, those of the technique above it, else nothing. */
export const findTechnique = (id: string): Technique | undefined =>
  TECHNIQUES.get(id) ?? TECHNIQUES.get(id.split('.')[0] ?? '') ?? PARENTS.get(id.split('.')[0] ?? '')
