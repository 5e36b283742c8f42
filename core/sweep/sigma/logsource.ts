import type { EventKind } from '../../model/event.ts'
import { Unsupported } from './value-test.ts'

/**
 * Which events a rule speaks of.
 * @property kinds null: of any kind
 * @property channels lower case; null: of any channel
 */
export interface LogSource {
  readonly kinds: readonly EventKind[] | null
  readonly channels: readonly string[] | null
}

/** Categories (SigmaHQ taxonomy, "Log sources") by our kinds of event: whatever product recorded it. */
const CATEGORIES: Readonly<Record<string, readonly EventKind[]>> = {
  process_creation: ['process-start'],
  process_termination: ['process-end'],
  process_access: ['process-access'],
  process_tampering: ['process-tamper'],
  create_remote_thread: ['remote-thread'],
  raw_access_thread: ['raw-disk-read'],
  image_load: ['image-load'],
  driver_load: ['driver-load'],
  file_event: ['file-create', 'file-modify'],
  file_change: ['file-time-change'],
  file_delete: ['file-delete'],
  file_rename: ['file-rename'],
  file_access: ['file-read', 'object-access'],
  file_block: ['file-create', 'file-delete'],
  create_stream_hash: ['file-stream'],
  registry_event: ['registry-key', 'registry-set', 'registry-rename', 'registry-delete'],
  registry_add: ['registry-key'],
  registry_set: ['registry-set'],
  registry_delete: ['registry-delete', 'registry-key'],
  registry_rename: ['registry-rename'],
  network_connection: ['network-connection'],
  dns_query: ['dns-query'],
  dns: ['dns-query'],
  pipe_created: ['pipe-create', 'pipe-connect'],
  wmi_event: ['wmi-filter', 'wmi-consumer', 'wmi-binding'],
  ps_script: ['script-block'],
  ps_module: ['script-module'],
  proxy: ['http-request'],
  webserver: ['http-request'],
  antivirus: ['malware-detected', 'malware-action'],
  clipboard_capture: ['clipboard-change'],
  sysmon_status: ['protection-change'],
}
/** Services of product `windows` by their channels. */
const CHANNELS: Readonly<Record<string, readonly string[]>> = {
  application: ['Application'],
  security: ['Security'],
  system: ['System'],
  sysmon: ['Microsoft-Windows-Sysmon/Operational'],
  powershell: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'],
  'powershell-classic': ['Windows PowerShell'],
  taskscheduler: ['Microsoft-Windows-TaskScheduler/Operational'],
  wmi: ['Microsoft-Windows-WMI-Activity/Operational'],
  windefend: ['Microsoft-Windows-Windows Defender/Operational'],
  'dns-server': ['DNS Server'],
  'dns-server-analytic': ['Microsoft-Windows-DNS-Server/Analytical'],
  'dns-client': ['Microsoft-Windows-DNS Client Events/Operational'],
  'driver-framework': ['Microsoft-Windows-DriverFrameworks-UserMode/Operational'],
  dhcp: ['Microsoft-Windows-DHCP-Server/Operational'],
  ntlm: ['Microsoft-Windows-NTLM/Operational'],
  'printservice-admin': ['Microsoft-Windows-PrintService/Admin'],
  'printservice-operational': ['Microsoft-Windows-PrintService/Operational'],
  'smbclient-security': ['Microsoft-Windows-SmbClient/Security'],
  'smbclient-connectivity': ['Microsoft-Windows-SmbClient/Connectivity'],
  'smbserver-connectivity': ['Microsoft-Windows-SMBServer/Connectivity'],
  'smbserver-security': ['Microsoft-Windows-SMBServer/Security'],
  'firewall-as': ['Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'],
  'bits-client': ['Microsoft-Windows-Bits-Client/Operational'],
  'terminalservices-localsessionmanager': [
    'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
  ],
  'codeintegrity-operational': ['Microsoft-Windows-CodeIntegrity/Operational'],
  'security-mitigations': [
    'Microsoft-Windows-Security-Mitigations/KernelMode',
    'Microsoft-Windows-Security-Mitigations/UserMode',
  ],
  'shell-core': ['Microsoft-Windows-Shell-Core/Operational'],
  applocker: [
    'Microsoft-Windows-AppLocker/MSI and Script',
    'Microsoft-Windows-AppLocker/EXE and DLL',
    'Microsoft-Windows-AppLocker/Packaged app-Deployment',
    'Microsoft-Windows-AppLocker/Packaged app-Execution',
  ],
  'appxdeployment-server': ['Microsoft-Windows-AppXDeploymentServer/Operational'],
  'appxpackaging-om': ['Microsoft-Windows-AppxPackaging/Operational'],
  'lsa-server': ['Microsoft-Windows-LSA/Operational'],
  ldap: ['Microsoft-Windows-LDAP-Client/Debug'],
  openssh: ['OpenSSH/Operational'],
  capi2: ['Microsoft-Windows-CAPI2/Operational'],
  'certificateservicesclient-lifecycle-system': [
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  ],
  'diagnosis-scripted': ['Microsoft-Windows-Diagnosis-Scripted/Operational'],
  'msexchange-management': ['MSExchange Management'],
  'microsoft-servicebus-client': ['Microsoft-ServiceBus-Client'],
  'iis-configuration': ['Microsoft-IIS-Configuration/Operational'],
  bitlocker: ['Microsoft-Windows-BitLocker/BitLocker Management'],
  'kernel-event-tracing': ['Microsoft-Windows-Kernel-EventTracing'],
  'kernel-shimengine': ['Microsoft-Windows-Kernel-ShimEngine/Operational'],
  vhdmp: ['Microsoft-Windows-VHDMP/Operational'],
}
const PRODUCTS = new Set(['', 'windows'])

/** @throws Unsupported for products, services and categories whose logs are not told apart here */
export function toLogSource(source: ReadonlyMap<string, string>): LogSource {
  const product = source.get('product') ?? ''
  const service = source.get('service') ?? ''
  const category = source.get('category') ?? ''
  if (!PRODUCTS.has(product)) throw new Unsupported(`logsource product ${product}`)
  const kinds = category === '' ? null : CATEGORIES[category]
  const channels = service === '' ? null : CHANNELS[service]
  if (kinds === undefined) throw new Unsupported(`logsource category ${category}`)
  if (channels === undefined) throw new Unsupported(`logsource service ${service}`)
  if (kinds === null && channels === null && product === '')
    throw new Unsupported('a rule without a logsource')
  return { kinds, channels: channels === null ? null : channels.map((one) => one.toLowerCase()) }
}
