import type { EventFields, EventItem, EventKind } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toHost, toIp, toPort } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import type { RecordIssue } from '../importer.ts'
import {
  compact,
  detailOf,
  firstText,
  hashOf,
  joined,
  shortText,
  timeOf,
  toCount,
  toPid,
  type Times,
} from '../endpoint/values.ts'
import { familyOf, subIdNumber, telemetryClass, type TelemetryClass, type TelemetryShape } from './classes.ts'
import {
  accountOf,
  actor,
  circumstances,
  hashesOf,
  hashId,
  hasObjectProcess,
  pathOf,
  signerOf,
  startedProcess,
} from './parties.ts'
import type { TelemetryRecord } from './telemetry-record.ts'
import { toWindowsFields } from './windows-fields.ts'

export interface TelemetryMeaning {
  readonly event: EventItem
  readonly key: string | undefined
  readonly issues: readonly RecordIssue[]
}

/**
 * What one telemetry record means. Records of a class that is not known stay `generic` with their object fields as text.
 * @param importer id that issues are named by
 */
export function toTelemetryEvent(record: TelemetryRecord, importer: string, times: Times): TelemetryMeaning {
  const subId = record.text('eventSubId')
  const found = telemetryClass(subId)
  const family = familyOf(record.text('eventId'))
  const time = timeOf(
    importer,
    times,
    record.text('eventTime'),
    record.text('eventTimeDT'),
    record.text('firstSeen'),
    record.text('rt'),
  )
  const uuid = record.text('uuid')
  const { kind, fields } = meaningOf(record, found, family)
  const common = {
    code: subIdNumber(subId),
    // The action of a connection is its direction; it stays open where the class does not say it.
    action: found?.shape === 'network' ? undefined : (found?.label ?? family),
    ...circumstances(record),
  }
  const all = compact({ ...common, ...compact(fields) })
  const at = time.at
  return {
    event: time.zoneAssumed
      ? { type: 'event', kind, at, zoneAssumed: true, fields: all }
      : { type: 'event', kind, at, fields: all },
    key: uuid === undefined ? undefined : telemetryKey(uuid),
    issues: time.issues,
  }
}

/** Identity of a telemetry record across exports: its `uuid`. */
export const telemetryKey = (uuid: string): string => `trend-telemetry|${uuid.toLowerCase()}`

function meaningOf(
  record: TelemetryRecord,
  found: TelemetryClass | undefined,
  family: string | undefined,
): { kind: EventKind; fields: EventFields } {
  const source = record.text('eventSourceType')
  const isDetection =
    source === '2' ||
    (found === undefined &&
      record.text('eventSubId') === undefined &&
      record.text('winEventId') === undefined &&
      record.text('eventName') !== undefined)
  if (isDetection) return { kind: 'alert', fields: detection(record) }
  const isWindowsEvent = family === 'WINDOWS_EVENT' || source === '3' || source === '9'
  if (isWindowsEvent && record.text('winEventId') !== undefined) return toWindowsFields(record)
  if (found === undefined || found.shape === 'other') {
    if (record.text('eventDataConsumer') !== undefined) {
      return {
        kind: 'wmi-binding',
        fields: {
          ...actor(record),
          target: shortText(record.text('eventDataConsumer')),
          detail: detailOf([
            ['Operation', record.text('eventDataOperation')],
            ['Provider', record.text('eventDataProviderName')],
          ]),
        },
      }
    }
    return { kind: found?.kind ?? 'generic', fields: other(record) }
  }
  const fields = SHAPES[found.shape](record, found)
  if (found.shape === 'logon' && found.kind === 'logon' && fields.outcome === 'failure')
    return { kind: 'logon-failure', fields }
  return { kind: found.kind, fields }
}

const SHAPES: Record<TelemetryShape, (record: TelemetryRecord, found: TelemetryClass) => EventFields> = {
  'process-start': (record) =>
    hasObjectProcess(record)
      ? {
          ...startedProcess(record),
          ...hashesOf(record, 'object'),
          detail: detailOf([
            ['Signer', signerOf(record, 'object')],
            ['Grandparent', pathOf(record, 'parent')],
          ]),
        }
      : {
          ...actor(record),
          ...hashesOf(record, 'process'),
          detail: detailOf([['Signer', signerOf(record, 'process')]]),
        },
  'process-end': (record) =>
    hasObjectProcess(record)
      ? { ...startedProcess(record), detail: detailOf([['EndedBy', pathOf(record, 'process')]]) }
      : actor(record),
  'two-processes': (record) => ({
    ...actor(record),
    target: pathOf(record, 'object'),
    targetPid: toPid(record.text('objectPid')),
    targetGuid: hashId(record, 'objectProcessHashId') ?? hashId(record, 'objectHashId'),
    targetAccount: accountOf(record, 'object'),
    detail: detailOf([
      ['TargetCommandLine', record.text('objectCmd')],
      ['Api', record.text('objectApiName')],
    ]),
  }),
  file: (record) => ({
    ...actor(record),
    ...hashesOf(record, 'object'),
    target: pathOf(record, 'object'),
    detail: detailOf([
      ['Source', toPath(record.text('srcFilePath'))],
      ['Size', record.text('objectFileSize')],
      ['Signer', signerOf(record, 'object')],
    ]),
  }),
  registry: (record) => ({
    ...actor(record),
    target: registryPath(record),
    detail: shortText(record.text('objectRegistryData')),
  }),
  network: (record, found) => ({
    ...actor(record),
    ...connection(record),
    action: found.label.endsWith('INBOUND')
      ? 'inbound'
      : found.label.endsWith('OUTBOUND')
        ? 'outbound'
        : undefined,
    detail: detailOf([
      ['Proxy', record.text('proxy')],
      ['Share', record.text('smbSharedName')],
    ]),
  }),
  dns: (record) => ({
    ...actor(record),
    target: toHost(firstText(record.text('hostName'), record.text('objectHostName'))),
    detail: joined([...record.list('objectIps'), ...record.list('objectIp')]),
  }),
  http: (record) => ({
    ...actor(record),
    ...connection(record),
    url: record.text('request'),
    referrer: record.text('httpReferer'),
    httpMethod: record.text('requestMethod'),
    httpStatus: toCount(record.text('status')),
    detail: detailOf([
      ['File', pathOf(record, 'object')],
      ['Proxy', record.text('proxy')],
    ]),
  }),
  account: (record) => ({
    ...actor(record),
    targetAccount: accountOf(record, 'object'),
    detail: detailOf([['Group', joined(record.list('objectUserGroup'))]]),
  }),
  logon: (record) => {
    const failure = record.text('objectLoginOutFailureMessage')
    return {
      ...actor(record),
      account: accountOf(record, 'object') ?? actor(record).account,
      sourceIp: toIp(record.text('objectLoginOutSourceAddress')),
      sourceHost:
        toIp(record.text('objectLoginOutSourceAddress')) === undefined
          ? toHost(record.text('objectLoginOutSourceAddress'))
          : undefined,
      sessionId: record.text('objectLoginOutSessionId'),
      status: record.text('objectLoginOutStatus'),
      outcome: failure === undefined ? 'success' : 'failure',
      detail: shortText(failure),
    }
  },
  script: (record) => ({
    ...actor(record),
    application: record.text('objectAppName'),
    target: record.text('objectContentName'),
    detail: record.text('objectRawDataStr') ?? record.text('rawDataStr'),
  }),
  pipe: (record) => ({ ...actor(record), target: record.text('objectPipeName') }),
  other,
}

/** Both ends; the object role stands in where `dst` is missing. */
function connection(record: TelemetryRecord): EventFields {
  const proto = record.text('proto')
  return {
    sourceIp: toIp(record.text('src')),
    sourcePort: toPort(record.text('spt')),
    destinationIp: toIp(record.text('dst') ?? record.text('objectIp') ?? record.list('objectIps')[0]),
    destinationPort: toPort(record.text('dpt') ?? record.text('objectPort')),
    destinationHost: toHost(record.text('objectHostName') ?? record.text('hostName')),
    // The number is the vendor's own enumeration, not the one of IANA.
    protocol: (
      record.text('app') ?? (proto !== undefined && /^[a-z]/i.test(proto) ? proto : undefined)
    )?.toLowerCase(),
  }
}

function registryPath(record: TelemetryRecord): string | undefined {
  const key = record.text('objectRegistryKeyHandle')
  const value = record.text('objectRegistryValue')
  return key === undefined || value === undefined ? key : `${key.replace(/\\+$/, '')}\\${value}`
}

/** A product's own detection inside a package of events. */
function detection(record: TelemetryRecord): EventFields {
  const name = record.text('fileName')
  const folder = toPath(record.text('filePath') ?? record.text('fullPath'))
  const isWhole =
    folder !== undefined && (name === undefined || folder.toLowerCase().endsWith(name.toLowerCase()))
  return {
    ...actor(record),
    ...connection(record),
    rule: joined([
      record.text('ruleName') ??
        record.text('threatName') ??
        record.text('malName') ??
        record.text('eventName'),
    ]),
    severity: record.text('severity') ?? record.text('riskLevel') ?? record.text('filterRiskLevel'),
    target:
      isWhole || name === undefined
        ? folder
        : folder === undefined
          ? name
          : `${folder.replace(/[\\/]+$/, '')}\\${name}`,
    sha256: hashOf('sha256', record.text('fileHashSha256') ?? record.text('fileHash')),
    sha1: hashOf('sha1', record.text('fileHash')),
    url: record.text('request'),
    accountSid: toSid(record.text('suserSid')),
    account: actor(record).account ?? toAccount(undefined, record.list('suser')[0]),
    outcome: joined(record.list('actResult')),
    action: joined(record.list('act')),
    detail: shortText(record.text('eventName')),
  }
}

/** Object, source and payload fields of a record no table knows. */
function other(record: TelemetryRecord): EventFields {
  const said = record
    .names()
    .filter((name) => /^(?:object|eventData|src[A-Z]|app|rawDataStr|eventMessage|moduleName)/.test(name))
    .slice(0, 60)
    .map((name) => [name, joined(record.list(name))] as const)
  return { ...actor(record), target: pathOf(record, 'object'), detail: detailOf(said) }
}
