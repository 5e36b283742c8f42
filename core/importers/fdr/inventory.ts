import type { EventFields, EventItem } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toHost } from '../../normalise/host.ts'
import {
  compact,
  detailOf,
  hashOf,
  hostAddress,
  joined,
  techniquesOf,
  timeOf,
  toPid,
  type Times,
} from '../endpoint/values.ts'
import { toPath } from '../../normalise/path.ts'
import { FdrRecord } from './fdr-record.ts'
import { restOf } from './shapes.ts'
import { type FdrMeaning, sensor } from './to-event.ts'

/** The files beside the events, told apart by their fields. */
export type FdrFile = 'aidmaster' | 'userinfo' | 'managedassets' | 'notmanaged' | 'alert'

/** Which file beside the events a line is from; undefined when it is from none. */
export function fdrFile(record: FdrRecord): FdrFile | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => record.text(name) !== undefined)
  if (has('composite_id') && (has('agent_id') || has('severity'))) return 'alert'
  if (record.event !== undefined) return undefined
  if (has('UserSid', 'User') || (has('UserSid', 'AccountType') && has('LastLoggedOnHost'))) return 'userinfo'
  if (has('aid', 'ComputerName') && (has('AgentVersion') || has('ProductType') || has('MachineDomain')))
    return 'aidmaster'
  if (has('aid', 'MAC') && (has('GatewayIP') || has('InterfaceAlias') || has('LocalAddressIP4')))
    return 'managedassets'
  if (has('CurrentLocalIP', 'MAC') || has('aip', 'NeighborName')) return 'notmanaged'
  return undefined
}

const PRODUCT_TYPES: ReadonlyMap<string, string> = new Map([
  ['1', 'workstation'],
  ['2', 'domain controller'],
  ['3', 'server'],
])

/** A line about a sensor, a user or a neighbour: what is known of it, at the time it was last seen. */
export function toFdrInventory(record: FdrRecord, file: FdrFile, importer: string, times: Times): FdrMeaning {
  const time = timeOf(
    importer,
    times,
    record.text('Time', 'timestamp', '_time'),
    record.text('LastSeen', 'LastDiscoveredBy', 'LogonTime', 'FirstSeen', 'created_timestamp'),
  )
  const fields = compact({
    provider: 'CrowdStrike',
    channel: file,
    ...(file === 'alert' ? alert(record) : known(record, file)),
  })
  const kind = file === 'alert' ? 'alert' : 'inventory'
  const event: EventItem = time.zoneAssumed
    ? { type: 'event', kind, at: time.at, zoneAssumed: true, fields }
    : { type: 'event', kind, at: time.at, fields }
  const id = record.text('composite_id')
  return { event, key: id === undefined ? undefined : `fdr-alert|${id}`, issues: time.issues }
}

function known(record: FdrRecord, file: FdrFile): EventFields {
  const product = record.text('ProductType')
  const about: EventFields = {
    account: toAccount(undefined, record.text('User', 'UserName')),
    accountSid: toSid(record.text('UserSid')),
    detail: detailOf([
      ['Product', product === undefined ? undefined : PRODUCT_TYPES.get(product)],
      ...restOf(record).filter(([name]) => name !== 'ProductType' && name !== 'User'),
    ]),
  }
  // A neighbour was seen by a sensor and has none itself: it is what the record is about, not where it is from.
  if (file === 'notmanaged') return { ...about, target: record.text('NeighborName', 'ComputerName') }
  const own = sensor(record)
  const domain = record.text('MachineDomain')
  const host =
    own.host !== undefined && !own.host.includes('.') && domain?.includes('.') === true
      ? `${own.host}.${domain}`
      : own.host
  return { ...about, ...own, host: file === 'userinfo' ? toHost(record.text('LastLoggedOnHost')) : host }
}

/** Alerts as the alerts API answers them. */
function alert(record: FdrRecord): EventFields {
  const device = record.source['device']
  const machine = new FdrRecord(
    typeof device === 'object' && device !== null && !Array.isArray(device) ? { ...device } : {},
  )
  const sensorId = record.text('agent_id')?.toLowerCase()
  const scoped = (name: string): string | undefined => {
    const id = record.text(name)
    return id === undefined || sensorId === undefined ? id : `${id}@${sensorId}`
  }
  return {
    host: toHost(machine.text('hostname') ?? record.text('hostname')),
    hostId: sensorId,
    hostIp: hostAddress([machine.text('local_ip')].flatMap((text) => text ?? [])),
    account: record.text('user_name'),
    accountSid: toSid(record.text('user_id')),
    processPath: toPath(record.text('filepath', 'filename')),
    commandLine: record.text('cmdline'),
    pid: toPid(record.text('local_process_id')),
    processGuid: scoped('process_id'),
    parentGuid: scoped('parent_process_id'),
    sha256: hashOf('sha256', record.text('sha256')),
    md5: hashOf('md5', record.text('md5')),
    rule: joined([record.text('display_name', 'name')]),
    severity: record.text('severity_name', 'severity'),
    technique: techniquesOf(
      [record.text('technique_id'), record.text('technique')].flatMap((text) => text ?? []),
    ),
    status: record.text('status'),
    action: record.text('pattern_disposition_description'),
    detail: record.text('description'),
  }
}
