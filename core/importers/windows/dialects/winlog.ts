import type { EventData } from '../event-values.ts'
import { present } from '../../../normalise/placeholder.ts'
import { isObject, type JsonObject, member } from '../../json/parse-object.ts'
import { addMessageData } from '../rendered-message.ts'
import { addValue, emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import { addMovedData } from './moved-data.ts'
import { toAttack } from './attack.ts'
import type { Dialect, Judgement, Times } from './dialect.ts'
import { dig, digText, firstAddress, isFailedAudit, setTime, textOf, toId, toText } from './members.ts'
import { providerOfChannel } from './provider-name.ts'
import { addSection } from './sections.ts'
import { eventOfXml } from './xml-text.ts'

/**
 * Winlogbeat and Elastic Agent: nested, with dotted names, or the `fields` of a Kibana export; also Winlogbeat before
 * version 7 and what Graylog makes of either (`winlogbeat_...`).
 */
export const winlog: Dialect = (object, times) => {
  const names = namesOf(object)
  return names === undefined
    ? undefined
    : {
        event: readWinlog(object, names, times),
        judgement: judgementOf(object),
        origin: {
          hostId: present(digText(object, 'host.id')),
          hostIp: firstAddress(dig(object, 'host.ip')),
        },
      }
}

/** Where this generation of the shipper writes what. */
interface Names {
  readonly provider: string
  readonly eventId: string
  readonly version: string
  readonly channel: string
  readonly computer: string
  readonly recordId: string
  readonly sid: string
  readonly pid: string
  readonly sections: readonly string[]
}
const CURRENT: Names = {
  provider: 'winlog.provider_name',
  eventId: 'winlog.event_id',
  version: 'winlog.version',
  channel: 'winlog.channel',
  computer: 'winlog.computer_name',
  recordId: 'winlog.record_id',
  sid: 'winlog.user.identifier',
  pid: 'winlog.process.pid',
  sections: ['winlog.event_data', 'winlog.user_data'],
}
const BEFORE_7: Names = {
  provider: 'source_name',
  eventId: 'event_id',
  version: 'version',
  channel: 'log_name',
  computer: 'computer_name',
  recordId: 'record_number',
  sid: 'user.identifier',
  pid: 'process_id',
  sections: ['event_data', 'user_data'],
}
const graylog = (names: Names): Names => {
  const rename = (name: string): string => `winlogbeat_${name.replaceAll('.', '_')}`
  return {
    provider: rename(names.provider),
    eventId: rename(names.eventId),
    version: rename(names.version),
    channel: rename(names.channel),
    computer: rename(names.computer),
    recordId: rename(names.recordId),
    sid: rename(names.sid),
    pid: rename(names.pid),
    sections: names.sections.map(rename),
  }
}
const GRAYLOG = graylog(CURRENT)
const GRAYLOG_BEFORE_7 = graylog(BEFORE_7)

function namesOf(object: JsonObject): Names | undefined {
  const has = (names: Names): boolean => dig(object, names.eventId) !== undefined
  if (isObject(member(object, 'winlog')) || has(CURRENT) || dig(object, CURRENT.channel) !== undefined)
    return CURRENT
  if (member(object, 'log_name') !== undefined && has(BEFORE_7)) return BEFORE_7
  if (has(GRAYLOG)) return GRAYLOG
  return has(GRAYLOG_BEFORE_7) ? GRAYLOG_BEFORE_7 : undefined
}

function readWinlog(source: JsonObject, names: Names, times: Times): WindowsEvent {
  const event = emptyWindowsEvent()
  const id = dig(source, names.eventId)
  event.provider = digText(source, names.provider, 'event.provider')
  event.eventId = toId((isObject(id) ? textOf(id, '#text') : toText(id)) || digText(source, 'event.code'))
  event.version = toId(digText(source, names.version))
  event.channel = digText(source, names.channel)
  // Columns chosen in Kibana often leave the provider out.
  if (event.provider === '') event.provider = providerOfChannel(event.channel, event.eventId)
  event.computer = digText(source, names.computer, 'host.name')
  event.recordId = digText(source, names.recordId)
  event.userSid = digText(source, names.sid)
  event.executionPid = toId(digText(source, names.pid))
  const keywords = dig(source, 'winlog.keywords') ?? dig(source, 'keywords')
  event.isAuditFailure = isFailedAudit(Array.isArray(keywords) ? keywords.join() : toText(keywords))
  setTime(event, times, digText(source, 'winlog.time_created'), textOf(source, '@timestamp', 'timestamp'))
  for (const section of names.sections) addSectionOrPrefixed(event.data, source, section)
  if (event.data.size === 0) addOriginal(event, source)
  addMovedData(event, source)
  return event
}

/** `winlog.event_data` as an object, or its members spread over names that begin with it. */
function addSectionOrPrefixed(data: EventData, source: JsonObject, section: string): void {
  const nested = dig(source, section)
  if (isObject(nested)) {
    addSection(data, nested)
    return
  }
  const winlogMember = member(source, 'winlog')
  for (const [object, prefix] of [
    [source, section],
    [winlogMember, section.replace(/^winlog\./, '')],
  ] as const) {
    if (!isObject(object)) continue
    for (const [name, value] of Object.entries(object)) {
      const isUnder = name.startsWith(prefix) && /[._]/.test(name[prefix.length] ?? '')
      const text = isUnder ? toText(value) : ''
      // Elastic adds `.keyword` and `.text` copies of a value.
      if (text === '' || /\.(?:keyword|text|caseless)$/.test(name)) continue
      addValue(data, name.slice(prefix.length + 1), text)
    }
  }
}

/** Pipelines may drop event_data: then the original XML or the rendered text speaks. */
function addOriginal(event: WindowsEvent, source: JsonObject): void {
  const original = eventOfXml(digText(source, 'event.original'))
  if (original !== undefined && original.data.size > 0) {
    event.data = original.data
    return
  }
  const message = textOf(source, 'message')
  if (message === '') return
  addMessageData(event, message)
  event.data.set('Message', message)
}

/** An alert of Elastic Security keeps the event it is about and says which rule found it. */
function judgementOf(source: JsonObject): Judgement | undefined {
  const rule = digText(source, 'kibana.alert.rule.name', 'signal.rule.name')
  if (rule === '') return undefined
  return {
    id: digText(source, 'kibana.alert.rule.uuid', 'signal.rule.id') || rule,
    rule,
    severity: digText(source, 'kibana.alert.severity', 'signal.rule.severity') || undefined,
    technique: toAttack(
      dig(source, 'kibana.alert.rule.threat') ??
        dig(source, 'signal.rule.threat') ??
        dig(source, 'threat.technique.id'),
    ),
  }
}
