import type { EventFields, EventItem } from '../../model/event.ts'
import { present } from '../../normalise/placeholder.ts'
import type { JsonMeaning } from '../json/json-records.ts'
import { type JsonObject, member } from '../json/parse-object.ts'
import { toAttack } from '../windows/dialects/attack.ts'
import type { Times } from '../windows/dialects/dialect.ts'
import { setTime, textOf, toId } from '../windows/dialects/members.ts'
import { providerOf } from '../windows/dialects/velociraptor-event.ts'
import { cut, DETAIL_LIMIT } from '../windows/picks.ts'
import { toEventToMerge } from '../windows/to-event.ts'
import { emptyWindowsEvent, type WindowsEvent } from '../windows/windows-event.ts'
import { fieldOf } from './aliases.ts'
import { toChannel } from './channels.ts'
import { readDetails } from './details.ts'
import { toTactics } from './tactics.ts'

/** Sections of a finding, those with Hayabusa's own names first. */
const SECTIONS = ['Details', 'ExtraFieldInfo', 'AllFieldInfo', 'RecordInformation'] as const

/** Whether an object or row is a finding of any profile: Timesketch profiles name the columns differently. */
export function isFinding(object: JsonObject): boolean {
  const has = (name: string): boolean => member(object, name) !== undefined
  const isTimesketch = textOf(object, 'timestamp_desc') === 'hayabusa'
  return (
    (isTimesketch || (has('RuleTitle') && has('Timestamp'))) &&
    has('Level') &&
    has('Computer') &&
    has('Channel')
  )
}

/**
 * What a finding says: the event it is about, as far as the profile carries its facts, with rule, severity and technique.
 * A finding without such facts is an `alert`.
 */
export function toFinding(object: JsonObject, times: Times): JsonMeaning {
  const sections = SECTIONS.map((name) => [name, readDetails(member(object, name))] as const)
  const event = toWindowsEvent(object, sections, times)
  const title = textOf(object, 'RuleTitle', 'message')
  const item = toEventToMerge(event)
  const detail = item.fields.detail ?? detailOf(sections)
  const fields = {
    ...item.fields,
    code: event.eventId === 0 ? undefined : event.eventId,
    detail,
    rule: present(title),
    severity: present(textOf(object, 'Level')),
    technique: toAttack(member(object, 'MitreTags')) ?? toTactics(member(object, 'MitreTactics')),
  }
  const isTyped = item.kind !== 'generic' && FACTS.some((name) => item.fields[name] !== undefined)
  const finding: EventItem = {
    ...item,
    kind: isTyped ? item.kind : 'alert',
    fields: isTyped ? fields : { ...fields, detail: detailOf(sections) },
  }
  return { items: [finding], key: keyOf(event, title) }
}

/** Any of these makes an event more than its id. */
const FACTS: readonly (keyof EventFields)[] = [
  'detail',
  'account',
  'processPath',
  'commandLine',
  'target',
  'targetAccount',
  'sourceIp',
  'sourceHost',
  'destinationIp',
  'destinationHost',
  'url',
  'logonId',
]

type Sections = readonly (readonly [string, ReadonlyMap<string, string>])[]

function toWindowsEvent(object: JsonObject, sections: Sections, times: Times): WindowsEvent {
  const event = emptyWindowsEvent()
  event.eventId = toId(textOf(object, 'EventID'))
  event.channel = toChannel(present(textOf(object, 'Channel')) ?? '')
  event.provider = providerOf(event.channel, event.eventId) || textOf(object, 'Provider')
  event.computer = present(textOf(object, 'Computer')) ?? ''
  event.recordId = present(textOf(object, 'RecordID')) ?? ''
  setTime(event, times, textOf(object, 'Timestamp', 'datetime'))
  for (const [section, values] of sections) {
    for (const [name, value] of values) {
      const field = section === 'Details' ? (fieldOf(name, event.provider, event.eventId) ?? name) : name
      if (!event.data.has(field)) event.data.set(field, plain(field, value))
    }
  }
  return event
}

/** Hayabusa spells out logon types: `3 - NETWORK`. */
function plain(field: string, value: string): string {
  return field === 'LogonType' ? (/^(\d+) - /.exec(value)?.[1] ?? value) : value
}

function detailOf(sections: Sections): string | undefined {
  const parts: string[] = []
  for (const [, values] of sections)
    for (const [name, value] of values)
      if (present(value) !== undefined)
        parts.push(`${name}: ${cut(value, DETAIL_LIMIT).replace(/\s+/g, ' ')}`)
  return parts.length === 0 ? undefined : cut(parts.join('; '), DETAIL_LIMIT)
}

/** The same finding in two timelines: record, time and rule; never the event's own key, which the event itself owns. */
function keyOf(event: WindowsEvent, title: string): string | undefined {
  if (event.recordId === '' || event.timeUs === null || event.zoneAssumed) return undefined
  const ms = Math.floor(event.timeUs / 1000)
  return `hayabusa|${event.computer.toLowerCase()}|${event.channel}|${event.recordId}|${ms}|${event.eventId}|${title}`
}
