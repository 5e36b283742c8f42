import type { EventFields } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toHost, toInteger, toIp, toLogonId, toPort } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import { detailOf, hashOf, joined, shortText, techniquesOf, toIntegrity, toPid } from '../endpoint/values.ts'
import type { FdrShape } from './events.ts'
import type { FdrRecord } from './fdr-record.ts'

/** The process that did it, by Falcon's own id. */
function actor(record: FdrRecord): EventFields {
  return {
    ...account(record),
    processGuid: record.processId('ContextProcessId'),
    processPath: toPath(record.text('ContextImageFileName', 'ContextBaseFileName')),
    pid: toPid(record.text('ContextRawProcessId')),
  }
}

function account(record: FdrRecord): EventFields {
  const name = record.text('UserName', 'User')
  return {
    account: toAccount(record.text('LogonDomain', 'UserDomain'), name),
    accountSid: toSid(record.text('UserSid')),
    logonId: toLogonId(record.text('AuthenticationId')),
  }
}

function hashes(record: FdrRecord): EventFields {
  return {
    sha256: hashOf('sha256', record.text('SHA256HashData')),
    sha1: hashOf('sha1', record.text('SHA1HashData')),
    md5: hashOf('md5', record.text('MD5HashData')),
  }
}

const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmpv6'],
])

/** Where the fields of each shape come from. */
export const SHAPES: Record<FdrShape, (record: FdrRecord) => EventFields> = {
  'process-start': (record) => ({
    ...account(record),
    ...hashes(record),
    processPath: toPath(record.text('ImageFileName')),
    commandLine: record.text('CommandLine'),
    pid: toPid(record.text('RawProcessId')),
    processGuid: record.processId('TargetProcessId'),
    parentPath: toPath(record.text('ParentImageFileName', 'ParentBaseFileName')),
    parentCommandLine: record.text('ParentCommandLine'),
    parentGuid: record.processId('ParentProcessId') ?? record.processId('SourceProcessId'),
    originalName: record.text('OriginalFilename'),
    integrity: toIntegrity(record.text('IntegrityLevel')),
    sessionId: record.text('SessionId'),
    detail: detailOf([
      ['CreatedBy', differs(record.processId('SourceProcessId'), record.processId('ParentProcessId'))],
      ['Grandparent', record.text('GrandParentBaseFileName')],
      ['Tags', record.text('Tags')],
    ]),
  }),
  'process-end': (record) => ({
    ...account(record),
    processPath: toPath(record.text('ImageFileName')),
    pid: toPid(record.text('RawProcessId')),
    processGuid: record.processId('TargetProcessId') ?? record.processId('ContextProcessId'),
    status: record.text('ExitCode'),
  }),
  'two-processes': (record) => ({
    ...actor(record),
    target: toPath(record.text('TargetImageFileName', 'ImageFileName')),
    targetGuid: record.processId('TargetProcessId'),
    status: record.text('DesiredAccess', 'GrantedAccess'),
    detail: detailOf([['Address', record.text('InjectedThreadStartAddress', 'ThreadStartAddress')]]),
  }),
  file: (record) => ({
    ...actor(record),
    ...hashes(record),
    target: toPath(record.text('TargetFileName', 'TargetDirectoryName', 'ImageFileName')),
    action: record.event,
    detail: detailOf([
      ['Source', toPath(record.text('SourceFileName'))],
      ['Size', record.text('Size')],
      ['Removable', record.text('IsOnRemovableDisk') === '1' ? 'yes' : undefined],
      ['Network', record.text('IsOnNetwork') === '1' ? 'yes' : undefined],
    ]),
  }),
  image: (record) => {
    const own = actor(record)
    return {
      ...own,
      ...hashes(record),
      processGuid: own.processGuid ?? record.processId('TargetProcessId'),
      target: toPath(record.text('ImageFileName', 'TargetFileName')),
      detail: detailOf([['Signer', record.text('SubjectCN', 'CertificatePublisher')]]),
    }
  },
  registry: (record) => {
    const key = record.text('RegObjectName')
    const value = record.text('RegValueName')
    return {
      ...actor(record),
      target: key === undefined || value === undefined ? key : `${key.replace(/\\+$/, '')}\\${value}`,
      detail: shortText(record.text('RegStringValue', 'RegNumericValue', 'RegBinaryValue')),
    }
  },
  network: (record) => connection(record),
  dns: (record) => ({
    ...actor(record),
    target: toHost(record.text('DomainName')),
    status: record.text('QueryStatus'),
    detail: joined(
      [record.text('CNAMERecords'), record.text('IP4Records'), record.text('IP6Records')].flatMap((list) =>
        (list ?? '').split(';'),
      ),
    ),
  }),
  http: (record) => ({
    ...actor(record),
    ...connection(record),
    url: record.text('HttpUrl', 'Url'),
    destinationHost: toHost(record.text('HttpHost')),
    httpMethod: record.text('HttpMethod'),
    userAgent: record.text('HttpUserAgent', 'UserAgent'),
  }),
  logon: (record) => {
    const status = toInteger(record.text('SubStatus'))
    const failed = (record.event ?? '').startsWith('UserLogonFailed')
    const code = status === undefined || status === 0 ? toInteger(record.text('Status')) : status
    return {
      ...account(record),
      accountMail: record.text('UserPrincipal')?.toLowerCase(),
      logonType: toInteger(record.text('LogonType')),
      authentication: record.text('AuthenticationPackage'),
      sourceIp: toIp(record.text('RemoteAddressIP4', 'RemoteAddressIP6', 'RemoteIP')),
      sourceHost: toHost(record.text('ClientComputerName')),
      // Unsigned decimal NTSTATUS.
      status: code === undefined ? undefined : `0x${code.toString(16).padStart(8, '0')}`,
      outcome: failed ? 'failure' : record.event === 'UserLogon' ? 'success' : undefined,
      detail: detailOf([
        ['LogonServer', record.text('LogonServer')],
        ['Flags', record.text('UserLogonFlags')],
      ]),
    }
  },
  account: (record) => ({
    ...actor(record),
    account: undefined,
    accountSid: undefined,
    targetAccount: toAccount(record.text('LogonDomain'), record.text('UserName')),
    targetSid: toSid(record.text('UserSid')),
    action: record.event,
    detail: detailOf([['Group', record.text('GroupName', 'GroupRid', 'DomainSid')]]),
  }),
  service: (record) => ({
    ...actor(record),
    target: record.text('ServiceName', 'ServiceDisplayName'),
    targetAccount: record.text('ServiceObjectName'),
    action: record.event,
    detail: shortText(record.text('ServiceImagePath', 'ImageFileName', 'CommandLine')),
  }),
  task: (record) => ({
    ...actor(record),
    target: record.text('TaskName'),
    detail: joined([record.text('TaskExecCommand'), record.text('TaskExecArguments')], ' '),
  }),
  script: (record) => ({
    ...actor(record),
    ...hashes(record),
    application: record.text('ScriptEngineInvocationName', 'ScriptingLanguageId'),
    target: toPath(record.text('ScriptContentName', 'ScriptModuleName')),
    detail: record.text('ScriptContent', 'ScriptContentBytes'),
  }),
  share: (record) => ({
    ...actor(record),
    target: record.text('SmbShareName', 'ShareName'),
    sourceIp: toIp(record.text('RemoteAddressIP4', 'ClientIP', 'RemoteAddressIP6')),
  }),
  wmi: (record) => ({
    ...actor(record),
    target: shortText(record.text('WmiConsumer', 'WmiConsumerName')),
    detail: detailOf([
      ['Filter', record.text('WmiFilter', 'WmiFilterName')],
      ['Query', record.text('WmiQuery')],
    ]),
  }),
  other: (record) => ({
    ...actor(record),
    ...hashes(record),
    processGuid: record.processId('ContextProcessId') ?? record.processId('TargetProcessId'),
    rule: record.text('DetectName', 'PatternName'),
    severity: record.text('SeverityName', 'Severity'),
    technique: techniquesOf(
      [record.text('TechniqueId'), record.text('Technique'), record.text('MitreAttack')].flatMap(
        (text) => text ?? [],
      ),
    ),
    commandLine: record.text('CommandLine'),
    target: toPath(record.text('TargetFileName', 'FileName', 'ImageFileName')),
    action: record.event,
    detail: detailOf(restOf(record)),
  }),
}

const differs = (text: string | undefined, other: string | undefined): string | undefined =>
  text === other ? undefined : text

/** Local and remote end by direction: 0 out, 1 in, 2 neither, 3 both. */
function connection(record: FdrRecord): EventFields {
  const local = {
    ip: toIp(record.text('LocalAddressIP4', 'LocalAddressIP6')),
    port: toPort(record.text('LocalPort')),
  }
  const remote = {
    ip: toIp(record.text('RemoteAddressIP4', 'RemoteAddressIP6')),
    port: toPort(record.text('RemotePort')),
  }
  const direction = record.text('ConnectionDirection')
  const isInbound = direction === '1' || (record.event ?? '').startsWith('NetworkReceiveAccept')
  const [from, to] = isInbound ? [remote, local] : [local, remote]
  return {
    ...actor(record),
    sourceIp: from.ip,
    sourcePort: from.port,
    destinationIp: to.ip,
    destinationPort: to.port,
    action: isInbound ? 'inbound' : direction === '0' ? 'outbound' : undefined,
    protocol: PROTOCOLS.get(record.text('Protocol') ?? ''),
  }
}

/** Envelope fields that every line has and no reader asks for. */
const ENVELOPE =
  /^(?:aid|aip|cid|id|name|timestamp|event_simpleName|event_platform|ContextTimeStamp|ContextProcessId|ContextThreadId|ConfigBuild|ConfigStateHash|EffectiveTransmissionClass|Entitlements|EventOrigin|ComputerName|UserSid|UserName|SHA256HashData|SHA1HashData|MD5HashData|Rpc\w+)(?:_\w+)?$/

/** The other fields of a line as text, in order. */
export function restOf(record: FdrRecord): (readonly [string, string | undefined])[] {
  return Object.keys(record.source)
    .filter((name) => !ENVELOPE.test(name))
    .slice(0, 40)
    .map((name) => [name.replace(/_(?:decimal|readable|hex)$/, ''), record.text(name)])
}
