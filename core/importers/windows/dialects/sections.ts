import type { EventData } from '../event-values.ts'
import { isObject, type JsonObject, member, scalarText } from '../../json/parse-object.ts'
import { addValue } from '../windows-event.ts'
import { textOf } from './members.ts'

/** Adds what EventData, UserData or ProcessingErrorData hold; a section's own attributes name the template, not a fact. */
export function addSection(data: EventData, section: unknown): void {
  if (!isObject(section)) return
  for (const [name, value] of Object.entries(section)) if (!isAttributes(name)) addMember(data, name, value)
}
function isAttributes(name: string): boolean {
  return name === '#attributes' || name.endsWith('_attributes')
}

/** Fragments nest five deep at most; parseObject has already refused anything deeper than 64. */
function addTree(data: EventData, tree: unknown): void {
  if (!isObject(tree)) return
  for (const [name, value] of Object.entries(tree)) {
    if (isAttributes(name)) addAttributes(data, value)
    else if (name !== '#text') addMember(data, name, value)
  }
}
function addMember(data: EventData, name: string, value: unknown): void {
  if (name === 'Data') addUnnamed(data, value)
  else if (isObject(value)) addElement(data, name, value)
  else if (Array.isArray(value))
    addValue(data, name, value.map((item) => scalarText(item) ?? JSON.stringify(item)).join('\n'))
  else if (value !== null) addValue(data, name, scalarText(value) ?? '')
}
function addElement(data: EventData, name: string, value: JsonObject): void {
  const text = scalarText(member(value, '#text'))
  if (text !== undefined) addValue(data, name, text)
  addTree(data, value)
}
function addAttributes(data: EventData, attributes: unknown): void {
  if (!isObject(attributes)) return
  for (const [name, value] of Object.entries(attributes)) {
    const text = scalarText(value)
    if (text !== undefined && name !== 'xmlns' && !name.startsWith('xmlns:')) addValue(data, name, text)
  }
}
/** Unnamed Data: a text, an array, or either under `#text`; some writers give `{"@Name", "#text"}` objects instead. */
function addUnnamed(data: EventData, value: unknown): void {
  const inner =
    isObject(value) && Object.hasOwn(value, '#text') && !hasName(value) ? member(value, '#text') : value
  const items: readonly unknown[] = Array.isArray(inner) ? inner : [inner]
  let position = 0
  for (const item of items) {
    const name = hasName(item)
      ? textOf(item, '@Name', 'Name') || textOf(member(item, '#attributes'), 'Name')
      : ''
    const text = isObject(item) ? textOf(item, '#text', 'Value', 'value') : scalarText(item)
    if (name !== '') addValue(data, name, text ?? '')
    else if (text !== undefined) addValue(data, `param${(position += 1)}`, text)
  }
}
function hasName(item: unknown): boolean {
  return textOf(item, '@Name', 'Name') !== '' || textOf(member(item, '#attributes'), 'Name') !== ''
}
