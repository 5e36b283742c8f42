import { addValue, emptyWindowsEvent, type WindowsEvent } from '../windows/windows-event.ts'
import { BrokenRecord, u32 } from './bytes.ts'
import type { Frame } from './frame.ts'
import { readSystemValues } from './system-values.ts'
import type { ChunkContext } from './template.ts'
import { NULL_VALUE, XML_VALUE } from './values.ts'

/** End token and padding behind the values of a record. */
const MAX_PADDING = 16
/** As in event-reader.ts: what one value costs beside its text. */
const VALUE_COST = 32

/** What reading values needs of the reader: its chunk, two frames, its budget, and its way to read a whole fragment. */
export interface ValuesHost {
  readonly context: ChunkContext
  readonly frames: readonly Frame[]
  /** @throws BrokenRecord when the budget is used up */
  charge(amount: number): void
  /** Reads the fragment in a value into the event. @throws BrokenRecord when its template is lost as well */
  readFragment(event: WindowsEvent, frame: Frame, index: number): void
}

/**
 * Reads a record whose template is lost: its values by number (`value18`, and `value18.3` for the third of a fragment
 * inside it), System as far as `system-values.ts` knows its place.
 * @param recordId that of the record's header
 * @throws BrokenRecord when the values cannot be told apart
 */
export function readValuesOnly(
  host: ValuesHost,
  start: number,
  end: number,
  recordId: string,
): { readonly event: WindowsEvent; readonly template: string; readonly values: readonly string[] } {
  const event = emptyWindowsEvent()
  const { id, frame } = openValues(host, start, end, 0)
  const known = readSystemValues(frame, event, recordId)
  const values = Array.from({ length: frame.count }, (_, index) => frame.text(index))
  host.charge(values.reduce((sum, value) => sum + value.length, 0))
  for (let index = known; index < frame.count; index++) addValueOf(host, event, frame, index)
  return { event, template: id, values }
}

function addValueOf(host: ValuesHost, event: WindowsEvent, frame: Frame, index: number): void {
  const kind = frame.kind(index)
  const name = `value${index + 1}`
  if (kind === NULL_VALUE) return
  if (kind !== XML_VALUE) {
    add(host, event, name, frame.text(index))
    return
  }
  try {
    host.readFragment(event, frame, index)
  } catch (error) {
    if (!(error instanceof BrokenRecord) || error.reason === 'budget') throw error
    addNested(host, event, frame, index, name)
  }
}

function addNested(host: ValuesHost, event: WindowsEvent, frame: Frame, index: number, name: string): void {
  try {
    const at = frame.at(index)
    const { frame: inner } = openValues(host, at, at + frame.size(index), 1)
    for (let i = 0; i < inner.count; i++)
      if (inner.kind(i) !== NULL_VALUE) add(host, event, `${name}.${i + 1}`, inner.text(i))
  } catch (error) {
    if (!(error instanceof BrokenRecord) || error.reason === 'budget') throw error
    add(host, event, name, frame.text(index))
  }
}

function add(host: ValuesHost, event: WindowsEvent, name: string, value: string): void {
  host.charge(VALUE_COST + value.length)
  addValue(event.data, name, value)
}

/** The values of a template instance, whatever its template was. */
function openValues(
  host: ValuesHost,
  start: number,
  end: number,
  depth: number,
): { id: string; frame: Frame } {
  const { context } = host
  const { bytes } = context
  const frame = host.frames[depth]!
  const instance = bytes[start] === 0x0f ? start + 4 : start
  if (bytes[instance] !== 0x0c || instance + 10 > end) throw new BrokenRecord('no_instance', instance)
  const id = u32(bytes, instance + 2)
  frame.read(bytes, valuesAt(context, instance), end)
  // Without a template nothing else says that these are values at all: they have to fill their place.
  if (frame.count === 0 || end - frame.end > MAX_PADDING) throw new BrokenRecord('values_odd', instance)
  return { id: `0x${id.toString(16).padStart(8, '0')}`, frame }
}

/** Where the values of a left-over instance begin: behind its definition, when that stands in the record itself. */
export function valuesAt(context: ChunkContext, instance: number): number {
  const at = instance + 10
  if (u32(context.bytes, instance + 6) !== at) return at
  if (!context.hasDefinition(at, u32(context.bytes, instance + 2)))
    throw new BrokenRecord('template_damaged', at)
  return at + context.definitionBytes(at)
}
