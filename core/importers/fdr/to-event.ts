import type { EventFields, EventItem } from '../../model/event.ts'
import { toHost } from '../../normalise/host.ts'
import { compact, hostAddress, timeOf, type RecordTime, type Times } from '../endpoint/values.ts'
import { fdrEvent } from './events.ts'
import type { FdrRecord } from './fdr-record.ts'
import { SHAPES } from './shapes.ts'

export interface FdrMeaning {
  readonly event: EventItem
  readonly key: string | undefined
  readonly issues: RecordTime['issues']
}

/** What one line of the event stream means. */
export function toFdrEvent(record: FdrRecord, importer: string, times: Times): FdrMeaning {
  const name = record.event ?? ''
  const { kind, shape } = fdrEvent(name)
  // A process that ran before the sensor started is told of later than it began.
  const started = name === 'SyntheticProcessRollup2' ? [record.text('ProcessStartTime')] : []
  const time = timeOf(
    importer,
    times,
    ...started,
    record.text('ContextTimeStamp'),
    record.text('ProcessStartTime', 'LogonTime', 'ProcessEndTime'),
    record.text('timestamp', 'Time', '_time', '@timestamp'),
  )
  const id = record.text('id')
  const fields = compact({
    provider: 'CrowdStrike',
    channel: name === '' ? undefined : name,
    ...sensor(record),
    ...SHAPES[shape](record),
  })
  return {
    event: time.zoneAssumed
      ? { type: 'event', kind, at: time.at, zoneAssumed: true, fields }
      : { type: 'event', kind, at: time.at, fields },
    key: id === undefined ? undefined : `fdr|${(record.text('aid') ?? '').toLowerCase()}|${id.toLowerCase()}`,
    issues: time.issues,
  }
}

/** Which endpoint a record is from. `aip` is the public address of the site, not the host's own. */
export function sensor(record: FdrRecord): EventFields {
  return {
    host: toHost(record.text('ComputerName')),
    hostId: record.text('aid')?.toLowerCase(),
    hostIp: hostAddress(
      [record.text('LocalAddressIP4', 'LocalIP'), record.text('LocalAddressIP6')].flatMap(
        (text) => text ?? [],
      ),
    ),
  }
}
