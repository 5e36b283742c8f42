import { isObject, type JsonObject, member, scalarText } from '../../json/parse-object.ts'
import { present } from '../../../normalise/placeholder.ts'
import { addMessageData } from '../rendered-message.ts'
import { addValue, emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import { toAttack } from './attack.ts'
import type { Dialect, Judgement, Times } from './dialect.ts'
import { firstAddress, isFailedAudit, setTime, textOf, toId } from './members.ts'

/** Wazuh's alerts.json and archives.json; member names begin in lower case (`targetUserName`). */
export const wazuh: Dialect = (object, times) => {
  const win = member(member(object, 'data'), 'win')
  if (!isObject(win) || !isObject(member(win, 'system'))) return undefined
  const agent = member(object, 'agent')
  return {
    event: readWazuh(object, win, times),
    judgement: judgementOf(object),
    origin: { hostId: present(textOf(agent, 'id')), hostIp: firstAddress(member(agent, 'ip')) },
  }
}

function readWazuh(object: JsonObject, win: JsonObject, times: Times): WindowsEvent {
  const system = member(win, 'system')
  const event = emptyWindowsEvent()
  event.provider = textOf(system, 'providerName', 'eventSourceName')
  event.eventId = toId(textOf(system, 'eventID'))
  event.version = toId(textOf(system, 'version'))
  event.channel = textOf(system, 'channel')
  event.computer = textOf(system, 'computer') || textOf(member(object, 'agent'), 'name')
  event.recordId = textOf(system, 'eventRecordID')
  event.executionPid = toId(textOf(system, 'processID'))
  event.isAuditFailure = isFailedAudit(textOf(system, 'keywords'), textOf(system, 'severityValue'))
  setTime(event, times, textOf(system, 'systemTime'), textOf(object, 'timestamp', '@timestamp'))
  const data = member(win, 'eventdata')
  if (isObject(data)) {
    for (const [name, value] of Object.entries(data)) {
      const text = scalarText(value) ?? JSON.stringify(value)
      addValue(event.data, name.slice(0, 1).toUpperCase() + name.slice(1), undoubled(text))
    }
  }
  const message = textOf(system, 'message').replace(/^"(.*)"$/s, '$1')
  if (event.data.size === 0 && message !== '') {
    addMessageData(event, message)
    event.data.set('Message', message)
  }
  return event
}

/** Wazuh's agent doubles backslashes in event data; a text in which every one comes in pairs was doubled. */
function undoubled(text: string): string {
  return /[^\\]\\\\/.test(text) && !text.replaceAll('\\\\', '').includes('\\')
    ? text.replaceAll('\\\\', '\\')
    : text
}

function judgementOf(object: JsonObject): Judgement | undefined {
  const rule = member(object, 'rule')
  const description = present(textOf(rule, 'description'))
  if (description === undefined) return undefined
  const mitre = member(rule, 'mitre')
  return {
    id: textOf(rule, 'id') || description,
    rule: description,
    severity: present(textOf(rule, 'level')),
    technique: toAttack(member(mitre, 'id') ?? mitre),
  }
}
