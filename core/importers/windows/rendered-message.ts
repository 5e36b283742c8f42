import { addValue, type WindowsEvent } from './windows-event.ts'
import { FIELD_OF_LABEL, FIELDS_OF_EVENT, PREFIX_OF_SECTION } from './rendered-labels.ts'

/** A message is some kilobytes; a crafted one of megabytes is kept whole as `Message`, its lines beyond this are not read. */
const MAX_LINES = 400
const LINE = /^(\s*)([^:]{1,60}):(?:\s+(.*))?$/

/**
 * Takes the data of an event out of its rendered English text, for renderings that carry nothing else (Event Viewer CSV,
 * Get-WinEvent, Splunk's WinEventLog). Sysmon renders `Name: value` with the very names of its data; the Security log
 * renders sections with labels (formats.md A3.1). What has no known name is left to the text.
 */
export function addMessageData(event: WindowsEvent, message: string): void {
  if (/scriptblock text/i.test(message)) addScriptBlock(event, message)
  const isSysmon = /sysmon/i.test(event.provider)
  const lines = message.split(/\r\n|\r|\n/, MAX_LINES)
  const own = FIELDS_OF_EVENT.get(event.eventId)
  let section = ''
  let held: { name: string; value: string } | undefined
  const flush = (): void => {
    if (held !== undefined && held.value.trim() !== '') addValue(event.data, held.name, held.value.trim())
    held = undefined
  }
  for (const line of lines) {
    const match = LINE.exec(line)
    const label = match?.[2]?.trim() ?? ''
    const value = match?.[3]?.trim() ?? ''
    if (match === null || label === '') {
      // Privileges and access lists go on in lines of their own.
      if (held !== undefined && /^\s+\S/.test(line)) held.value += `\n${line.trim()}`
      else flush()
      continue
    }
    if (isSysmon) {
      flush()
      if (/^[A-Za-z]+$/.test(label) && value !== '') addValue(event.data, label, value)
      continue
    }
    if (value === '' && match[1] === '') section = label
    const name = own?.get(`${section}/${label}`) ?? own?.get(label) ?? nameOf(section, label)
    flush()
    if (name !== undefined) held = { name, value }
  }
  flush()
}

function nameOf(section: string, label: string): string | undefined {
  const prefix = PREFIX_OF_SECTION.get(section)
  const part = PARTY.get(label)
  if (part !== undefined) return prefix === undefined ? undefined : `${prefix}${part(prefix)}`
  return FIELD_OF_LABEL.get(label)
}
/** Labels that mean something else in each section. */
const PARTY = new Map<string, (prefix: string) => string>([
  ['Security ID', (prefix) => (prefix === 'Subject' ? 'UserSid' : 'Sid')],
  ['Account Name', () => 'UserName'],
  ['Account Domain', () => 'DomainName'],
  ['Group Name', () => 'UserName'],
  ['Group Domain', () => 'DomainName'],
  ['Logon ID', () => 'LogonId'],
  ['Logon GUID', () => 'LogonGuid'],
])

/** 4104 renders the text of the script between a heading and its id. */
function addScriptBlock(event: WindowsEvent, message: string): void {
  const match =
    /^Creating Scriptblock text \((\d+) of (\d+)\):\r?\n([\s\S]*?)\r?\n\s*\r?\nScriptBlock ID: (\S+)(?:\r?\nPath: (.*))?/i.exec(
      message,
    )
  if (match === null) return
  const names = ['MessageNumber', 'MessageTotal', 'ScriptBlockText', 'ScriptBlockId', 'Path']
  names.forEach((name, index) => {
    const value = match[index + 1]
    if (value !== undefined && value.trim() !== '') event.data.set(name, value)
  })
}
