import type { EventData } from './event-values.ts'

/**
 * One Windows event, whatever it was read from (EVTX, NXLog JSON, Winlogbeat, evtx_dump): the flat shape that the
 * channel tables turn into an event of the case. Empty text means the source does not say.
 * @property provider name as in System/Provider; empty for some classic sources
 * @property timeUs System/TimeCreated in microseconds UTC; null when unusable
 * @property recordId EventRecordID as decimal text; empty when the rendering dropped it
 * @property executionPid System/Execution: the process that wrote the event, which for providers inside a program
 *   (PowerShell, DNS client) is that program; 0 when the source does not say
 * @property isAuditFailure System/Keywords has the bit "audit failure" (formats.md A1.8): what was tried was refused
 * @property data EventData or UserData by name, in order; unnamed Data are `param1`, `param2`, ...; a repeated name
 *   gets the suffix `_2`, `_3`, ...
 */
export interface WindowsEvent {
  provider: string
  eventId: number
  version: number
  channel: string
  computer: string
  timeUs: number | null
  zoneAssumed: boolean
  recordId: string
  userSid: string
  executionPid: number
  isAuditFailure: boolean
  data: EventData
}

/** @param data where its data are to go */
export function emptyWindowsEvent(data: EventData = new Map()): WindowsEvent {
  return {
    provider: '',
    eventId: 0,
    version: 0,
    channel: '',
    computer: '',
    timeUs: null,
    zoneAssumed: false,
    recordId: '',
    userSid: '',
    executionPid: 0,
    isAuditFailure: false,
    data,
  }
}

const AUDIT_FAILURE = 1n << 52n

/** Whether keywords say "audit failure": hexadecimal text, or a decimal that may be signed (NXLog). */
export function saysAuditFailure(keywords: string): boolean {
  if (!/^(?:0x[0-9a-f]{1,16}|-?\d{1,20})$/i.test(keywords)) return false
  return (BigInt.asUintN(64, BigInt(keywords)) & AUDIT_FAILURE) !== 0n
}

/** Last suffix given per name: without it, a record of one name repeated 100,000 times would take hours. */
const suffixes = new WeakMap<EventData, Map<string, number>>()

/** Adds a value without ever losing one that has the same name. */
export function addValue(data: EventData, name: string, value: string): void {
  if (!data.has(name)) {
    data.set(name, value)
    return
  }
  let counts = suffixes.get(data)
  if (counts === undefined) suffixes.set(data, (counts = new Map()))
  let count = (counts.get(name) ?? 1) + 1
  while (data.has(`${name}_${count}`)) count += 1
  counts.set(name, count)
  data.set(`${name}_${count}`, value)
}

/**
 * Identity of an event across renderings: the same event out of EVTX and out of JSON has the same key. Undefined when
 * the rendering has no record id or no time, because two such lines may well be two events. The time counts in
 * seconds: some renderings keep no more. Whether its zone was assumed does not matter: a wrong zone gives a key that nothing else has.
 */
export function eventKey(event: WindowsEvent): string | undefined {
  // Some exporters write zero for a number they do not have.
  if (event.recordId === '' || event.recordId === '0' || event.timeUs === null) return undefined
  const { computer, channel, recordId, timeUs, provider, eventId } = event
  return `win|${computer.toLowerCase()}|${channel}|${recordId}|${Math.floor(timeUs / 1_000_000)}|${provider}|${eventId}`
}
