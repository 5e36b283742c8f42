import { addValue, type WindowsEvent } from './windows-event.ts'
import { FIELD_OF_LABEL, FIELDS_OF_EVENT, PREFIX_OF_SECTION } from './rendered-labels.ts'

/** A message is some kilobytes; a crafted one of megabytes is kept whole as `Message`, its lines beyond this are not read. */
const MAX_LINES = 400
/** Labels are short; without the bound, one line of megabytes is searched for each of its blanks. */
const MAX_LABEL = 60

/** `Label: value`, also indented and with an empty value. */
function splitLine(line: string): { indented: boolean; label: string; value: string } | undefined {
  const text = line.trimStart()
  const colon = text.slice(0, MAX_LABEL + 1).indexOf(':')
  const next = text[colon + 1]
  if (colon < 1 || (next !== undefined && next.trim() !== '')) return undefined
  const label = text.slice(0, colon).trim()
  return { indented: text.length < line.length, label, value: text.slice(colon + 1).trim() }
}

/**
 * Takes the data of an event out of its rendered English text, for renderings that carry nothing else (Event Viewer CSV,
 * Get-WinEvent, Splunk's WinEventLog). Sysmon renders `Name: value` with the very names of its data; the Security log
 * renders sections with labels (formats.md A3.1). What has no known name is left to the text.
 */
export function addMessageData(event: WindowsEvent, message: string): void {
  if (SCRIPT_HEAD.test(message)) addScriptBlock(event, message)
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
    const parts = splitLine(line)
    if (parts === undefined) {
      // Privileges and access lists go on in lines of their own.
      if (held !== undefined && /^\s+\S/.test(line)) held.value += `\n${line.trim()}`
      else flush()
      continue
    }
    const { indented, label, value } = parts
    if (isSysmon) {
      flush()
      if (/^[A-Za-z]+$/.test(label) && value !== '') addValue(event.data, label, value)
      continue
    }
    if (value === '' && !indented) section = label
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

const SCRIPT_HEAD = /^\s{0,8}Creating Scriptblock text \((\d{1,6}) of (\d{1,6})\):\r?\n/i
const SCRIPT_ID = 'ScriptBlock ID:'

/** 4104 renders the text of the script between a heading and its id; a script may itself hold such lines, so the last counts. */
function addScriptBlock(event: WindowsEvent, message: string): void {
  const head = SCRIPT_HEAD.exec(message)
  const idAt = message.lastIndexOf(SCRIPT_ID)
  if (head === null || idAt < head[0].length) return
  const [id = '', path = ''] = message.slice(idAt + SCRIPT_ID.length).split('\n', 2)
  const values: readonly (readonly [string, string])[] = [
    ['MessageNumber', head[1] ?? ''],
    ['MessageTotal', head[2] ?? ''],
    ['ScriptBlockText', message.slice(head[0].length, idAt).trimEnd()],
    ['ScriptBlockId', id.trim()],
    ['Path', /^Path:(.*)/i.exec(path)?.[1]?.trim() ?? ''],
  ]
  for (const [name, value] of values) if (value !== '') event.data.set(name, value)
}
