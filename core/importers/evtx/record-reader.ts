import type { RawSource } from '../importer.ts'
import type { WindowsEvent } from '../windows/windows-event.ts'
import { BrokenRecord, hex, u32, u64Text } from './bytes.ts'
import type { CarvedSpan } from './carve.ts'
import type { RecordSpan } from './chunk.ts'
import { EventReader } from './event-reader.ts'
import { locatorInPlace } from './raw-in-place.ts'
import { EXCERPT_BYTES, type EvtxUnit, LiveRecord, problem, type TemplateUsed } from './units.ts'
import { filetimeToUs } from './values.ts'

/** Makes units of the records of a file; the templates it has met stay known up to its end. */
export class RecordReader {
  readonly #reader = new EventReader()
  #source: RawSource = { locator: '', bytes: Buffer.alloc(0) }
  #block: Buffer = Buffer.alloc(0)

  /** @param block stays as it is: records are rendered out of it later */
  open(locator: string, block: Buffer): void {
    this.#reader.openChunk(block)
    this.#source = { locator, bytes: block }
    this.#block = block
  }

  /**
   * The live record at `span`, or the problem that it cannot be read.
   * @returns undefined when the chunk's text budget is used up
   */
  read(span: RecordSpan): EvtxUnit | undefined {
    try {
      const event = this.#reader.read(span.at + 24, span.end - 4)
      return new LiveRecord(this.#complete(event, span), this.#source, span.at)
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error
      if (error.reason === 'budget') return undefined
      return this.#patch(span) ?? this.#unreadable(span, error)
    }
  }

  /** The same for a block that may not begin where its chunk began: a template is only believed where its id is found. */
  readAstray(span: RecordSpan): EvtxUnit {
    const unit = this.#patch(span)
    if (unit?.kind === 'record' && unit.patched === 'own') return { ...unit, patched: undefined }
    return unit ?? this.#unreadable(span, new BrokenRecord('values_lost', span.at))
  }

  /** The left-over record at `span`. One that cannot be read is no loss: nobody counts it. */
  recover(span: CarvedSpan): (EvtxUnit & { readonly kind: 'record' }) | undefined {
    const id = idText(this.#block, span)
    const found = this.#recover(span, id)
    if (found === undefined) return undefined
    const locator = `${this.#source.locator}, offset ${span.at}, left-over record ${id}`
    return { kind: 'record', locator, event: found.event, raw: found.raw, recovered: found.by }
  }

  /** A live record whose template or names are damaged still has its values. */
  #patch(span: RecordSpan): EvtxUnit | undefined {
    const found = this.#recover(span, idText(this.#block, span))
    if (found === undefined) return undefined
    const { event, raw, by } = found
    return { kind: 'record', locator: this.#locator(span), event, raw, patched: by }
  }

  #recover(
    span: RecordSpan,
    id: string,
  ): { readonly event: WindowsEvent; readonly raw: string; readonly by: TemplateUsed } | undefined {
    try {
      const { event, raw, by } = this.#reader.recover(span.at + 24, span.end - 4, id)
      return { event: this.#complete(event, span), raw, by }
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error
      return undefined
    }
  }

  /** What the event does not say itself is in the header of its record. */
  #complete(event: WindowsEvent, span: RecordSpan): WindowsEvent {
    if (event.recordId === '') event.recordId = idText(this.#block, span)
    event.timeUs ??= filetimeToUs(u32(this.#block, span.at + 16), u32(this.#block, span.at + 20)) ?? null
    return event
  }

  #locator(span: RecordSpan): string {
    return this.#source.locator + locatorInPlace(this.#block, span.at)
  }

  #unreadable(span: RecordSpan, { reason, at }: BrokenRecord): EvtxUnit {
    const excerpt = hex(this.#block.subarray(span.at, span.at + EXCERPT_BYTES))
    return problem(this.#locator(span), 'record_unreadable', `${reason} @ ${at}: ${excerpt}`, 1)
  }
}

/** The id of a record as text, which most are never asked for. */
export const idText = (block: Buffer, span: RecordSpan): string => u64Text(block, span.at + 8)
