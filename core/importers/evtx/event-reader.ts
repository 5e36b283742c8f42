import { EventValues } from '../windows/event-values.ts'
import { addValue, emptyWindowsEvent, saysAuditFailure, type WindowsEvent } from '../windows/windows-event.ts'
import type { Content, ElementNode } from './binxml.ts'
import { parseXml } from './binxml.ts'
import { BrokenRecord, u16, u32 } from './bytes.ts'
import type { FlatProgram, Place, SystemSlot } from './flat-program.ts'
import { Frame } from './frame.ts'
import type { JsonMember, JsonProgram } from './json-program.ts'
import { ChunkContext, Template } from './template.ts'
import { readValuesOnly, type ValuesHost, valuesAt } from './values-only.ts'
import { ARRAY, filetimeToUs, isPlainJson, needsNoEscape, NULL_VALUE, XML_VALUE } from './values.ts'

/** Fragments inside values: real events have one or two; a value holding itself would recurse for ever (TRUST H4). */
const MAX_NESTING = 8
/**
 * Characters and steps one chunk may cost. A template may name the same large value thousands of times, or the same
 * nested fragment: 64 KiB of evidence would become gigabytes, or years. Real chunks stay below a million.
 */
const CHUNK_BUDGET = 6_000_000

/** Bit 52 of Keywords, in its upper half. */
const AUDIT_FAILURE_HIGH = 1 << 20

/** What one value costs of the budget beside its text: its place in the event. */
const VALUE_COST = 32

export interface ReadEvent {
  readonly event: WindowsEvent
  /** Compact JSON of the whole event. */
  readonly raw: string
}

/** System fields that are texts. */
type TextSlot = 'computer' | 'channel' | 'provider' | 'recordId' | 'userSid'

interface Opened {
  readonly template: Template
  readonly frame: Frame
}

/**
 * Reads events out of the records of one chunk after the other. One instance per file; not reentrant. Longer than other
 * files because the flat and the JSON reading share frames, budget and text without passing them along: this loop is what
 * an import of event logs spends its time in.
 */
export class EventReader {
  readonly #context = new ChunkContext()
  readonly #frames: Frame[] = Array.from({ length: MAX_NESTING + 1 }, () => new Frame())
  #event: WindowsEvent = emptyWindowsEvent()
  #unnamed = 0
  #budget = 0
  #json = ''
  #needsComma = false
  #isForeign = false
  readonly #valuesHost: ValuesHost = {
    context: this.#context,
    frames: this.#frames,
    charge: (amount) => this.#charge(amount),
    readFragment: (event, frame, index) => {
      this.#event = event
      this.#runNestedFlat(frame, index, 'event', 0)
    },
  }

  openChunk(bytes: Buffer): void {
    this.#context.open(bytes)
    this.#budget = CHUNK_BUDGET
  }

  /**
   * Reads the event whose BinXML lies at `start`..`end` of the open chunk.
   * @throws BrokenRecord when it cannot be read; its reason `budget` means the chunk's text budget is used up
   */
  read(start: number, end: number): WindowsEvent {
    this.#event = emptyWindowsEvent(new EventValues())
    this.#unnamed = 0
    const opened = this.#open(start, end, 0, true)
    this.#runFlat(opened.template.flat('root'), opened.frame, 0)
    return this.#event
  }

  /** Compact JSON of the whole event at `start`..`end` of the open chunk; what cannot be read of it is missing at the end. */
  render(start: number, end: number): { readonly raw: string; readonly isWhole: boolean } {
    try {
      this.#renderJson(start, end)
      return { raw: this.#json, isWhole: true }
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error
      return { raw: this.#json, isWhole: false }
    }
  }

  #renderJson(start: number, end: number): void {
    this.#json = '{'
    this.#needsComma = false
    const opened = this.#open(start, end, 0, true)
    this.#runJson(opened.template.json('root'), opened.frame, 0)
    this.#json += '}'
  }

  /**
   * Reads a left-over record, whose template or names may have been overwritten since: nothing unverified is believed.
   * Where no template is left, the event has its values only (`values-only.ts`).
   * @param recordId that of the record's header
   * @returns how it was read: with its own template, with one of the same id from elsewhere in the file, or values only
   * @throws BrokenRecord when not even the values can be told apart
   */
  recover(
    start: number,
    end: number,
    recordId: string,
  ): ReadEvent & { readonly by: 'own' | 'file' | 'values' } {
    this.#context.verifiesNames = true
    this.#isForeign = false
    try {
      const event = this.read(start, end)
      this.#renderJson(start, end)
      const raw = this.#json
      return { event, raw, by: this.#isForeign ? 'file' : 'own' }
    } catch (error) {
      if (!(error instanceof BrokenRecord) || error.reason === 'budget') throw error
      return { ...this.#readValues(start, end, recordId), by: 'values' }
    } finally {
      this.#context.verifiesNames = false
    }
  }

  #readValues(start: number, end: number, recordId: string): ReadEvent {
    const { event, template, values } = readValuesOnly(this.#valuesHost, start, end, recordId)
    return { event, raw: JSON.stringify({ Template: template, Values: values }) }
  }

  /** Finds the template and values of a fragment; what follows a template instance is slack (performance.md 1). */
  #open(start: number, end: number, depth: number, hasDependencyId: boolean): Opened {
    this.#charge(end - start)
    const frame = this.#frames[depth]
    if (frame === undefined) throw new BrokenRecord('nesting', start)
    const bytes = this.#context.bytes
    let at = start
    if (bytes[at] === 0x0f) at += 4
    if (bytes[at] !== 0x0c) {
      frame.clear(bytes)
      return { template: new Template(this.#parseFragment(at, end, hasDependencyId)), frame }
    }
    if (at + 10 > end) throw new BrokenRecord('instance_cut', at)
    const definition = u32(bytes, at + 6)
    if (this.#context.verifiesNames) return this.#openLeftOver(at, end, definition, frame)
    at += 10
    const template = this.#context.template(definition)
    if (definition === at) at += this.#context.definitionBytes(definition)
    frame.read(bytes, at, end)
    return { template, frame }
  }

  #openLeftOver(instance: number, end: number, definition: number, frame: Frame): Opened {
    const bytes = this.#context.bytes
    const id = u32(bytes, instance + 2)
    const found = this.#context.leftOverTemplate(definition, id)
    if (found === undefined) throw new BrokenRecord('template_lost', instance)
    if (!found.isOwn) this.#isForeign = true
    frame.read(bytes, valuesAt(this.#context, instance), end)
    if (found.template.valueCount > frame.count) throw new BrokenRecord('template_other', instance)
    return { template: found.template, frame }
  }

  /** Forwarded events and values leave the dependency id out without saying so: try the usual form first. */
  #parseFragment(start: number, end: number, hasDependencyId: boolean): ElementNode[] {
    try {
      return parseXml(this.#context, start, end, hasDependencyId)
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error
      return parseXml(this.#context, start, end, !hasDependencyId)
    }
  }

  #openNested(frame: Frame, index: number, depth: number): Opened | undefined {
    const at = frame.at(index)
    const size = frame.size(index)
    return size === 0 ? undefined : this.#open(at, at + size, depth + 1, false)
  }

  #charge(amount: number): void {
    this.#budget -= amount
    if (this.#budget < 0) throw new BrokenRecord('budget', 0)
  }
  #spend(text: string): string {
    this.#charge(text.length)
    return text
  }

  #mixedText(content: readonly Content[], frame: Frame): string {
    let text = ''
    for (const part of content) text += this.#spend(part.kind === 'text' ? part.text : frame.text(part.index))
    return text
  }

  #runFlat(program: FlatProgram, frame: Frame, depth: number): void {
    const { steps, isDistinct } = program
    this.#charge(steps.length)
    const { data } = this.#event
    let fresh = isDistinct && data.size === 0 && data instanceof EventValues ? data : undefined
    for (const step of steps) {
      if (step.kind === 'system') {
        this.#setSystem(step.slot, step.value, step.content, frame)
      } else if (step.kind === 'nested') {
        if (frame.kind(step.value) === XML_VALUE) this.#runNestedFlat(frame, step.value, step.place, depth)
        else if (frame.size(step.value) > 0) this.#addData(step.name, frame, step.value)
      } else if (step.value < 0) {
        const name = step.nameContent === undefined ? step.name : this.#mixedText(step.nameContent, frame)
        this.#add(name, this.#mixedText(step.content, frame))
      } else {
        const kind = frame.kind(step.value)
        if (kind === NULL_VALUE && step.isOptional) continue
        if (kind === XML_VALUE) {
          fresh = undefined
          this.#runNestedFlat(frame, step.value, 'data', depth)
        } else if (fresh !== undefined && step.name !== null) {
          const text = frame.text(step.value)
          this.#charge(VALUE_COST + text.length)
          fresh.append(step.name, text)
        } else {
          const name = step.nameContent === undefined ? step.name : this.#mixedText(step.nameContent, frame)
          this.#addData(name, frame, step.value)
        }
      }
    }
  }

  #runNestedFlat(frame: Frame, index: number, place: Place, depth: number): void {
    const nested = this.#openNested(frame, index, depth)
    if (nested !== undefined) this.#runFlat(nested.template.flat(place), nested.frame, depth + 1)
  }

  /** An array in element content repeats the element: named data keep one joined text, unnamed ones become several. */
  #addData(name: string | null, frame: Frame, index: number): void {
    if (name === null && (frame.kind(index) & ARRAY) !== 0) {
      for (const item of frame.items(index)) this.#add(null, this.#spend(item))
    } else this.#add(name, this.#spend(frame.text(index)))
  }
  #add(name: string | null, value: string): void {
    this.#charge(VALUE_COST)
    addValue(this.#event.data, name ?? `param${++this.#unnamed}`, value)
  }

  #setSystem(slot: SystemSlot, index: number, content: readonly Content[], frame: Frame): void {
    const event = this.#event
    const kind = index < 0 ? -1 : frame.kind(index)
    switch (slot) {
      case 'eventId':
        event.eventId =
          kind === 0x06 ? u16(frame.bytes, frame.at(index)) : toInt(this.#mixedText(content, frame))
        return
      case 'version':
        event.version = kind === 0x04 ? frame.bytes[frame.at(index)]! : toInt(this.#mixedText(content, frame))
        return
      case 'keywords':
        event.isAuditFailure =
          kind === 0x15
            ? (u32(frame.bytes, frame.at(index) + 4) & AUDIT_FAILURE_HIGH) !== 0
            : saysAuditFailure(this.#mixedText(content, frame))
        return
      case 'executionPid':
        event.executionPid =
          kind === 0x08 ? u32(frame.bytes, frame.at(index)) : toInt(this.#mixedText(content, frame))
        return
      case 'time':
        if (kind === 0x11)
          event.timeUs =
            filetimeToUs(u32(frame.bytes, frame.at(index)), u32(frame.bytes, frame.at(index) + 4)) ?? null
        else event.timeUs = toTimeUs(this.#mixedText(content, frame))
        return
      default:
        // One by one: a member under a computed name takes ten times as long.
        this.#setText(slot, index < 0 ? this.#mixedText(content, frame) : this.#spend(frame.text(index)))
    }
  }

  #setText(slot: TextSlot, text: string): void {
    const event = this.#event
    if (slot === 'computer') event.computer = text
    else if (slot === 'channel') event.channel = text
    else if (slot === 'provider') event.provider = text
    else if (slot === 'recordId') event.recordId = text
    else event.userSid = text
  }

  #runJson(program: JsonProgram, frame: Frame, depth: number): void {
    this.#charge(program.length)
    for (const step of program) {
      switch (step.kind) {
        case 'open':
          this.#write(step.key + '{')
          this.#needsComma = false
          break
        case 'close':
          this.#json += '}'
          this.#needsComma = true
          break
        case 'member':
          this.#writeMember(step, frame, depth)
          break
        case 'attributes': {
          const present = step.members.filter((member) => !isAbsent(member, frame))
          if (present.length === 0) break
          this.#write('"#attributes":{')
          this.#needsComma = false
          for (const member of present) this.#writeMember(member, frame, depth)
          this.#json += '}'
          break
        }
        case 'named':
          this.#write(
            `${JSON.stringify(this.#mixedText(step.name, frame))}:${JSON.stringify(this.#mixedText(step.content, frame))}`,
          )
          break
        case 'list': {
          const items = step.items.flatMap((item) => this.#listItems(item, frame))
          if (items.length > 0) this.#write(`${step.key}[${items.join(',')}]`)
          break
        }
        case 'nested':
          if (frame.kind(step.value) === XML_VALUE) this.#runNestedJson(frame, step.value, step.place, depth)
          else if (frame.size(step.value) > 0) this.#write(step.key + this.#valueJson(frame, step.value))
      }
    }
  }

  #runNestedJson(frame: Frame, index: number, place: Place, depth: number): void {
    const nested = this.#openNested(frame, index, depth)
    if (nested !== undefined) this.#runJson(nested.template.json(place), nested.frame, depth + 1)
  }

  /** Writes a key with what follows it, after a comma where one is due. */
  #write(text: string): void {
    this.#json += this.#spend(this.#needsComma ? ',' + text : text)
    this.#needsComma = true
  }

  #writeMember(member: JsonMember, frame: Frame, depth: number): void {
    if (member.value < 0) {
      const isEmpty = member.content.length === 0
      this.#write(member.key + (isEmpty ? 'null' : JSON.stringify(this.#mixedText(member.content, frame))))
      return
    }
    if (isAbsent(member, frame)) return
    if (frame.kind(member.value) === XML_VALUE) {
      this.#write(member.key + '{')
      this.#needsComma = false
      this.#runNestedJson(frame, member.value, member.place, depth)
      this.#json += '}'
      this.#needsComma = true
    } else this.#write(member.key + this.#valueJson(frame, member.value))
  }

  #listItems(content: readonly Content[], frame: Frame): string[] {
    const only = content.length === 1 ? content[0] : undefined
    if (only?.kind === 'value' && only.isOptional && frame.kind(only.index) === NULL_VALUE) return []
    if (only?.kind === 'value' && (frame.kind(only.index) & ARRAY) !== 0) {
      return frame.items(only.index).map((item) => JSON.stringify(this.#spend(item)))
    }
    return [JSON.stringify(this.#mixedText(content, frame))]
  }

  #valueJson(frame: Frame, index: number): string {
    const kind = frame.kind(index)
    if (kind === NULL_VALUE) return 'null'
    if ((kind & ARRAY) !== 0) return JSON.stringify(frame.items(index))
    const text = frame.text(index)
    if (isPlainJson(kind) && isJsonNumber(text)) return text
    return needsNoEscape(kind) ? `"${text}"` : JSON.stringify(text)
  }
}

/** Whether the text of a small number or a boolean can stand in JSON as it is; a value of odd size is hex text. */
function isJsonNumber(text: string): boolean {
  return text === '0' || text === 'true' || text === 'false' || INTEGER.test(text)
}
const INTEGER = /^-?[1-9]\d{0,9}$/

function isAbsent(member: JsonMember, frame: Frame): boolean {
  return member.isOptional && frame.kind(member.value) === NULL_VALUE
}

function toInt(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return Number.isNaN(value) ? 0 : value
}
/** TimeCreated given as text (records without a template): ISO 8601 with a zone. */
function toTimeUs(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text)
  if (match === null) return null
  const ms = Date.parse(`${match[1]}Z`)
  return Number.isNaN(ms) ? null : ms * 1000 + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6))
}
