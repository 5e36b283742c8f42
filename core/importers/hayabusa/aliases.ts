type Aliases = Readonly<Record<string, string>>

/** What Hayabusa's default details call the data of Sysmon events. */
const SYSMON: Aliases = {
  Cmd: 'CommandLine',
  Cmdline: 'CommandLine',
  CmdLine: 'CommandLine',
  Proc: 'Image',
  User: 'User',
  ParentCmd: 'ParentCommandLine',
  ParentCmdline: 'ParentCommandLine',
  ParentProc: 'ParentImage',
  LID: 'LogonId',
  LGUID: 'LogonGuid',
  PID: 'ProcessId',
  PGUID: 'ProcessGuid',
  ParentPID: 'ParentProcessId',
  ParentPGUID: 'ParentProcessGuid',
  Hash: 'Hashes',
  Path: 'TargetFilename',
  CreationTime: 'CreationUtcTime',
  PreviousTime: 'PreviousCreationUtcTime',
  Proto: 'Protocol',
  SrcIP: 'SourceIp',
  SrcPort: 'SourcePort',
  SrcHost: 'SourceHostname',
  TgtIP: 'DestinationIp',
  TgtPort: 'DestinationPort',
  TgtHost: 'DestinationHostname',
  SrcProc: 'SourceImage',
  SrcPID: 'SourceProcessId',
  SrcPGUID: 'SourceProcessGuid',
  SrcUser: 'SourceUser',
  TgtProc: 'TargetImage',
  TgtPID: 'TargetProcessId',
  TgtPGUID: 'TargetProcessGuid',
  TgtUser: 'TargetUser',
  Access: 'GrantedAccess',
  TgtObj: 'TargetObject',
  Pipe: 'PipeName',
  Query: 'QueryName',
  Result: 'QueryResults',
  Op: 'Operation',
  Namespace: 'EventNamespace',
  Tgt: 'Destination',
  Config: 'Configuration',
  SysmonVer: 'Version',
  SchemaVer: 'SchemaVersion',
  CliInfo: 'ClientInfo',
}
const SECURITY: Aliases = {
  Cmdline: 'CommandLine',
  CmdLine: 'CommandLine',
  Proc: 'ProcessName',
  PID: 'ProcessId',
  User: 'SubjectUserName',
  SID: 'SubjectUserSid',
  Domain: 'SubjectDomainName',
  LID: 'SubjectLogonId',
  SrcUser: 'SubjectUserName',
  SrcSID: 'MemberSid',
  SrcComp: 'WorkstationName',
  SrcIP: 'IpAddress',
  SrcPort: 'IpPort',
  TgtUser: 'TargetUserName',
  TgtGrp: 'TargetUserName',
  TgtSID: 'TargetSid',
  TgtDomain: 'TargetDomainName',
  TgtSvr: 'TargetServerName',
  Type: 'LogonType',
  AuthPkg: 'AuthenticationPackageName',
  Svc: 'ServiceName',
  SvcAcct: 'ServiceAccount',
  SvcType: 'ServiceType',
  SvcStartType: 'ServiceStartType',
  SharePath: 'ShareLocalPath',
  Name: 'TaskName',
  Content: 'TaskContent',
  ObjDN: 'ObjectDN',
  ObjName: 'ObjectName',
  ObjType: 'ObjectType',
  ObjSvr: 'ObjectServer',
  OpType: 'OperationType',
  AttrLDAPName: 'AttributeLDAPDisplayName',
  HID: 'HandleId',
  SamUser: 'SamAccountName',
  PrevTime: 'PreviousTime',
  PrivList: 'PrivilegeList',
}
const SESSION: Aliases = { TgtUser: 'TargetUserName', User: 'TargetUserName', LID: 'TargetLogonId' }
const TERMINAL: Aliases = {
  SrcUser: 'AccountName',
  User: 'AccountName',
  Domain: 'AccountDomain',
  SrcIP: 'ClientAddress',
  SrcComp: 'ClientName',
  LID: 'LogonID',
}
const FILTERED: Aliases = {
  Proc: 'Application',
  SrcIP: 'SourceAddress',
  SrcPort: 'SourcePort',
  TgtIP: 'DestAddress',
  TgtPort: 'DestPort',
}
const SEC = 'microsoft-windows-security-auditing'
/** By provider in lower case. */
const FAMILIES: ReadonlyMap<string, Aliases> = new Map([
  ['microsoft-windows-sysmon', SYSMON],
  ['microsoft-windows-security-auditing', SECURITY],
  ['microsoft-windows-eventlog', { User: 'SubjectUserName' }],
  ['microsoft-windows-powershell', { ScriptBlock: 'ScriptBlockText' }],
  ['powershellcore', { ScriptBlock: 'ScriptBlockText' }],
  ['service control manager', { Svc: 'param1', Path: 'ImagePath', Acct: 'AccountName' }],
  [
    'microsoft-windows-windows defender',
    {
      Threat: 'Threat Name',
      Severity: 'Severity Name',
      Type: 'Category Name',
      User: 'Detection User',
      Proc: 'Process Name',
    },
  ],
  [
    'microsoft-windows-bits-client',
    {
      JobTitle: 'jobTitle',
      JobID: 'jobId',
      JobOwner: 'jobOwner',
      Proc: 'processPath',
      PID: 'ProcessId',
      URL: 'url',
    },
  ],
  ['microsoft-windows-wmi-activity', { SID: 'User', PID: 'Processid' }],
  ['microsoft-windows-taskscheduler', { Name: 'TaskName', Action: 'ActionName', User: 'UserContext' }],
])
/** What single events call differently. */
const EVENTS: ReadonlyMap<string, Aliases> = new Map<string, Aliases>([
  ['microsoft-windows-sysmon|6', { Path: 'ImageLoaded', Sig: 'Signature' }],
  ['microsoft-windows-sysmon|7', { Image: 'ImageLoaded', Sig: 'SignatureStatus' }],
  ['microsoft-windows-sysmon|19', { Query: 'Query' }],
  ...[4624, 4625, 4634, 4647].map((id): [string, Aliases] => [`${SEC}|${id}`, SESSION]),
  [`${SEC}|4672`, { TgtUser: 'SubjectUserName' }],
  [
    `${SEC}|4688`,
    {
      Proc: 'NewProcessName',
      Path: 'NewProcessName',
      PID: 'NewProcessId',
      ParentPID: 'ProcessId',
      ParentProc: 'ParentProcessName',
    },
  ],
  [`${SEC}|4674`, { Svc: 'ObjectName' }],
  [`${SEC}|4781`, { OldTgtUser: 'OldTargetUserName', NewTgtUser: 'NewTargetUserName' }],
  [`${SEC}|4794`, { SrcComp: 'Workstation' }],
  [`${SEC}|5379`, { PID: 'ClientProcessId', Tgt: 'TargetName', SrcSID: 'SubjectUserSid' }],
  [`${SEC}|6416`, { DeviceID: 'DeviceId', DeviceDescrip: 'DeviceDescription' }],
  ['service control manager|7045', { Svc: 'ServiceName' }],
  [`${SEC}|4697`, { Path: 'ServiceFileName' }],
  [`${SEC}|4776`, { SrcComp: 'Workstation' }],
  [`${SEC}|5145`, { Path: 'RelativeTargetName' }],
  ...[4778, 4779, 4825].map((id): [string, Aliases] => [`${SEC}|${id}`, TERMINAL]),
  ...[5156, 5157, 5158].map((id): [string, Aliases] => [`${SEC}|${id}`, FILTERED]),
])

/**
 * The name that the event itself uses for a field of Hayabusa's Details; undefined where the abbreviation is not known
 * for this provider. Original names (ExtraFieldInfo, AllFieldInfo) need no translation.
 */
export function fieldOf(alias: string, provider: string, eventId: number): string | undefined {
  const family = provider.toLowerCase()
  return own(EVENTS.get(`${family}|${eventId}`), alias) ?? own(FAMILIES.get(family), alias)
}
function own(aliases: Aliases | undefined, alias: string): string | undefined {
  return aliases !== undefined && Object.hasOwn(aliases, alias) ? aliases[alias] : undefined
}
