import { isObject, type JsonObject, member, scalarText } from '../../json/parse-object.ts'
import { addMessageData } from '../rendered-message.ts'
import { addValue, emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { isFailedAudit, setTime, textOf, toId } from './members.ts'
import { toProviderName } from './provider-name.ts'
import { eventOfXml } from './xml-text.ts'

/**
 * Splunk: JSON export (`{"result": {...}}`), REST rows or CSV. `_raw` is the event's XML (XmlWinEventLog) or `Name=value`
 * lines with the rendered message (WinEventLog); without `_raw` the extracted fields speak.
 */
export const splunk: Dialect = (object, times) => {
  const wrapped = member(object, 'result')
  const row = isObject(wrapped) ? wrapped : object
  const raw = textOf(row, '_raw')
  if (raw === '' && textOf(row, 'EventCode') === '' && !isObject(wrapped)) return undefined
  const event = eventOfXml(raw) ?? readText(raw, row, times) ?? readFields(row, times)
  if (event === undefined) return undefined
  if (event.computer === '') event.computer = textOf(row, 'ComputerName', 'Computer', 'dvc', 'host')
  return { event }
}

/** Header lines of a WinEventLog text; `Message=` takes all that follows. */
const HEADER_LINE = /^(\w+)=(.*)$/
const MAX_HEADER_LINES = 40

function readText(raw: string, row: JsonObject, times: Times): WindowsEvent | undefined {
  if (!/^EventCode=\d/m.test(raw)) return undefined
  const header = new Map<string, string>()
  let at = 0
  let message = ''
  for (let count = 0; at < raw.length && count < MAX_HEADER_LINES; count++) {
    const feed = raw.indexOf('\n', at)
    const line = raw.slice(at, feed === -1 ? undefined : feed).replace(/\r$/, '')
    const match = HEADER_LINE.exec(line)
    if (match?.[1] === 'Message') {
      message = raw.slice(at + 'Message='.length)
      break
    }
    if (match !== null) header.set(match[1] ?? '', match[2] ?? '')
    at = feed === -1 ? raw.length : feed + 1
  }
  const event = emptyWindowsEvent()
  event.provider = toProviderName(header.get('SourceName') ?? '')
  event.eventId = toId(header.get('EventCode') ?? '')
  event.channel = header.get('LogName') ?? ''
  event.computer = header.get('ComputerName') ?? ''
  event.recordId = header.get('RecordNumber') ?? ''
  event.userSid = header.get('Sid') ?? ''
  event.isAuditFailure = isFailedAudit(header.get('Keywords') ?? '')
  setTime(event, times, textOf(row, '_time'), raw.slice(0, raw.search(/\r?\n/)))
  if (message !== '') {
    addMessageData(event, message)
    event.data.set('Message', message)
  }
  return event
}

/** What Splunk adds to every row, or derives for its data models: not data of the event. */
const NOT_DATA =
  /^(?:_.*|date_.*|linecount|punct|splunk_server.*|sourcetype|source|index|host|eventtype|tag(?:::.*)?|timestartpos|timeendpos|EventCode|EventID|EventRecordID|RecordNumber|ComputerName|Computer|LogName|Channel|SourceName|Name|Guid|SystemTime|Message|Keywords|TaskCategory|OpCode|Task|Opcode|Level|Version|Type|dvc|dvc_nt_host|vendor.*|product|signature.*|ta_windows_.*)$/

function readFields(row: JsonObject, times: Times): WindowsEvent | undefined {
  const id = textOf(row, 'EventCode', 'EventID')
  const channel = textOf(row, 'LogName', 'Channel')
  if (id === '' || (channel === '' && !/wineventlog/i.test(textOf(row, 'sourcetype', 'source'))))
    return undefined
  const event = emptyWindowsEvent()
  event.provider = toProviderName(textOf(row, 'SourceName', 'Name'))
  event.eventId = toId(id)
  event.version = toId(textOf(row, 'Version'))
  event.channel = channel || textOf(row, 'source').replace(/^(?:Xml)?WinEventLog:/i, '')
  event.computer = textOf(row, 'ComputerName', 'Computer')
  event.recordId = textOf(row, 'EventRecordID', 'RecordNumber')
  event.isAuditFailure = isFailedAudit(textOf(row, 'Keywords'))
  setTime(event, times, textOf(row, 'SystemTime'), textOf(row, '_time'))
  for (const [name, value] of Object.entries(row)) {
    const text = scalarText(value) ?? ''
    if (text !== '' && !NOT_DATA.test(name)) addValue(event.data, name, text)
  }
  const message = textOf(row, 'Message')
  if (message !== '') {
    if (event.data.size === 0) addMessageData(event, message)
    event.data.set('Message', message)
  }
  return event
}
