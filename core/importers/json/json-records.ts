import type { ParsedIssue, ParsedRecord, ParsedUnit, RecordIssue } from '../importer.ts'
import { rememberLast } from '../remember.ts'
import { type Share, unitsOfShare } from '../share.ts'
import { type JsonObject, parseObject } from './parse-object.ts'
import { peek } from './peek.ts'
import { type JsonSlice, LineSlicer, ObjectSlicer, type Slicer } from './slices.ts'
import { LineDecoder, toUtf8 } from '../text-encoding.ts'

/** What an importer makes of one JSON object. */
export interface JsonMeaning {
  readonly items: ParsedRecord['items']
  readonly key?: string | undefined
  readonly issues?: readonly RecordIssue[] | undefined
}

const EXCERPT_CHARS = 200

/**
 * Reads JSON objects as a stream: one per line, in an array, or printed over several lines. What is no object becomes
 * an issue that counts as one rejected record, and reading goes on behind it.
 * @param prefix importer id for the issue codes `syntax`, `truncated`, `too_long`, `not_object`, `nesting`,
 *   `duplicate_key` and `encoding`
 * @param share only lines can be shared: where objects begin in anything else has to be read byte by byte
 */
export async function* readJsonRecords(
  stream: AsyncIterable<Uint8Array>,
  prefix: string,
  mean: (object: JsonObject) => JsonMeaning,
  share?: Share,
): AsyncGenerator<ParsedUnit[]> {
  const { sample, rest } = await peek(toUtf8(stream))
  const isLines = isOnePerLine(sample.toString('utf8'))
  if (!isLines) share?.refuse('start')
  const slicer: Slicer = isLines ? new LineSlicer(share) : new ObjectSlicer()
  const decoder = new LineDecoder()
  const add = (slice: JsonSlice, units: ParsedUnit[]): void => {
    units.push(toUnit(slice, decoder, prefix, mean, share))
  }
  for await (const piece of rest) yield* unitsOfShare(share, slicer.feed(piece), slicer.position, add)
  yield* unitsOfShare(share, slicer.end(), slicer.position, add)
}

function slicerFor(sample: string): Slicer {
  return isOnePerLine(sample) ? new LineSlicer() : new ObjectSlicer()
}

function toUnit(
  slice: JsonSlice,
  decoder: LineDecoder,
  prefix: string,
  mean: (object: JsonObject) => JsonMeaning,
  share: Share | undefined,
): ParsedUnit {
  const { text, isGuessed } = decoder.decode(slice.bytes)
  // Which code page it is, one line proves for those behind it.
  if (isGuessed) share?.refuse('here')
  if (slice.problem !== undefined) return rejected(slice.locator, `${prefix}.${slice.problem}`, text)
  const raw = text.trim()
  const parsed = parseObject(raw)
  if (!parsed.ok) return rejected(slice.locator, `${prefix}.${parsed.problem}`, raw)
  const { items, key, issues = [] } = mean(parsed.value)
  const remarks: RecordIssue[] = [...issues]
  if (isGuessed) remarks.push({ code: `${prefix}.encoding`, excerpt: raw.slice(0, EXCERPT_CHARS) })
  if (parsed.duplicateKeys.length > 0) {
    remarks.push({
      code: `${prefix}.duplicate_key`,
      excerpt: parsed.duplicateKeys.join(', ').slice(0, EXCERPT_CHARS),
    })
  }
  return {
    kind: 'record',
    locator: slice.locator,
    raw,
    key,
    items,
    issues: remarks.length === 0 ? undefined : remarks,
  }
}

function rejected(locator: string, code: string, text: string): ParsedIssue {
  return { kind: 'issue', locator, code, excerpt: text.slice(0, EXCERPT_CHARS), records: 1 }
}

/** The first objects of a sample, for detection: at most `count`, complete ones only. */
export function firstObjects(sample: string, count: number): JsonObject[] {
  const { found, rest } = objectsOf(sample)
  while (found.length < count) {
    const { value, done } = rest.next()
    if (done === true) break
    found.push(value)
  }
  return found.slice(0, count)
}

/** Those that were asked for already, and those that were not. */
const objectsOf = rememberLast((sample: string) => ({ found: [] as JsonObject[], rest: eachObject(sample) }))

function* eachObject(sample: string): Generator<JsonObject, undefined> {
  const slicer = slicerFor(sample)
  for (const slice of [...slicer.feed(Buffer.from(sample, 'utf8')), ...slicer.end()]) {
    const parsed = slice.problem === undefined ? parseObject(slice.bytes.toString('utf8').trim()) : undefined
    if (parsed?.ok) yield parsed.value
  }
}

const MAX_SAMPLED_LINES = 20

/** True when one of the first lines is a whole object by itself. */
export function isOnePerLine(sample: string): boolean {
  if (/^\s*\[/.test(sample)) return false
  return sample
    .split('\n', MAX_SAMPLED_LINES)
    .some((line) => line.startsWith('{') && line.trimEnd().endsWith('}') && parseObject(line.trim()).ok)
}
