import { u32 } from './bytes.ts'
import { type RecordSpan, recordAt } from './chunk.ts'
import { filetimeToUs } from './values.ts'

/** A stretch of a chunk in which no live record lies. */
export interface Gap {
  readonly from: number
  readonly to: number
}
/** A left-over record with the time it was written. */
export interface CarvedSpan extends RecordSpan {
  readonly writtenUs: number
}

const MAGIC = Buffer.from([0x2a, 0x2a, 0, 0])
/** Larger records do not fit into a chunk beside its header (formats.md A1.7). */
const MAX_RECORD_BYTES = 65_024
const EARLIEST_US = Date.UTC(1990, 0, 1) * 1000
const LATEST_US = Date.UTC(2100, 0, 1) * 1000
const BINXML_BEGIN = 0x0001010f

/** Whole records that lie in the gaps: magic, both sizes, a time that can be and the beginning of BinXML must agree. */
export function* carveRecords(block: Buffer, gaps: readonly Gap[]): Generator<CarvedSpan> {
  for (const { from, to } of gaps) {
    let at = block.indexOf(MAGIC, from)
    while (at !== -1 && at < to) {
      const carved = carvedAt(block, at, to)
      if (carved !== undefined) yield carved
      at = block.indexOf(MAGIC, carved?.end ?? at + 1)
    }
  }
}

/**
 * Tells of rising offsets whether each lies inside a whole record. No more is looked at than what is before the offset, and
 * that only once.
 */
export function insideRecords(block: Buffer): (offset: number) => boolean {
  let next = 0
  let end = 0
  return (offset) => {
    while (next < offset && end <= offset) {
      const at = block.indexOf(MAGIC, next)
      next = at === -1 ? block.length : at
      if (next >= offset) break
      end = carvedAt(block, at, block.length)?.end ?? end
      next = Math.max(at + 1, end)
    }
    return end > offset
  }
}

function carvedAt(block: Buffer, at: number, limit: number): CarvedSpan | undefined {
  const span = recordAt(block, at, limit)
  if (span === undefined || span.end - at > MAX_RECORD_BYTES || span.idNumber === 0) return undefined
  if (u32(block, at + 24) !== BINXML_BEGIN) return undefined
  const writtenUs = filetimeToUs(u32(block, at + 16), u32(block, at + 20))
  if (writtenUs === undefined || writtenUs < EARLIEST_US || writtenUs >= LATEST_US) return undefined
  return { ...span, writtenUs }
}

/** What is left of a chunk between its live records, which come in order. */
export function gapsBetween(live: readonly RecordSpan[], from: number, to: number): Gap[] {
  const gaps: Gap[] = []
  let at = from
  for (const span of live) {
    if (span.at > at) gaps.push({ from: at, to: span.at })
    at = Math.max(at, span.end)
  }
  if (to > at) gaps.push({ from: at, to })
  return gaps
}
