import { isObject, type JsonObject, member } from '../../json/parse-object.ts'
import { addMessageData } from '../rendered-message.ts'
import { addOrdered, hasOrder } from '../value-order.ts'
import { emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { isFailedAudit, setTime, textOf, toId } from './members.ts'

/** `Get-WinEvent` and `Get-EventLog` piped to Export-Csv or ConvertTo-Json: mostly the rendered message. */
export const powershellExport: Dialect = (object, times) => {
  if (
    textOf(object, 'ProviderName') !== '' &&
    textOf(object, 'Id') !== '' &&
    textOf(object, 'LogName') !== ''
  )
    return { event: readWinEvent(object, times) }
  if (
    textOf(object, 'EventID') !== '' &&
    textOf(object, 'EntryType') !== '' &&
    textOf(object, 'Source') !== ''
  )
    return { event: readEventLog(object, times) }
  return undefined
}

function readWinEvent(object: JsonObject, times: Times): WindowsEvent {
  const event = emptyWindowsEvent()
  event.provider = textOf(object, 'ProviderName')
  event.eventId = toId(textOf(object, 'Id'))
  event.version = toId(textOf(object, 'Version'))
  event.channel = textOf(object, 'LogName')
  event.computer = textOf(object, 'MachineName')
  event.recordId = textOf(object, 'RecordId')
  const sid = member(object, 'UserId')
  event.userSid = isObject(sid) ? textOf(sid, 'Value') : textOf(object, 'UserId')
  event.executionPid = toId(textOf(object, 'ProcessId'))
  event.isAuditFailure = isFailedAudit(textOf(object, 'Keywords'), textOf(object, 'KeywordsDisplayNames'))
  const time = member(object, 'TimeCreated')
  // PowerShell 5.1 may write a date as an object of its text and its ticks.
  setTime(event, times, isObject(time) ? textOf(time, 'value', 'DateTime') : textOf(object, 'TimeCreated'))
  addMessage(event, textOf(object, 'Message'), member(object, 'Properties'))
  return event
}

function readEventLog(object: JsonObject, times: Times): WindowsEvent {
  const event = emptyWindowsEvent()
  event.provider = textOf(object, 'Source')
  event.eventId = toId(textOf(object, 'EventID'))
  event.channel = textOf(object, 'LogName', 'Log')
  event.computer = textOf(object, 'MachineName')
  event.recordId = textOf(object, 'Index')
  event.isAuditFailure = isFailedAudit(textOf(object, 'EntryType'))
  setTime(event, times, textOf(object, 'TimeGenerated', 'TimeWritten'))
  addMessage(event, textOf(object, 'Message'), member(object, 'ReplacementStrings'))
  return event
}

function addMessage(event: WindowsEvent, message: string, values: unknown): void {
  if (hasOrder(event, values)) addOrdered(event, values)
  if (event.data.size === 0 && message !== '') addMessageData(event, message)
  if (event.data.size === 0) addOrdered(event, values)
  if (message !== '') event.data.set('Message', message)
}
