import { splitTables, type TablePiece } from '../defender/table-rows.ts'
import type { ParsedUnit } from '../importer.ts'
import type { JsonMeaning } from '../json/json-records.ts'
import { type JsonObject, member, parseObject, scalarText } from '../json/parse-object.ts'

/** Answers of the Log Analytics API keep rows apart from column names: `{"tables":[{"name","columns":[],"rows":[[]]}]}`. */
const ANSWER = /^[\s\ufeff]*\{\s*"tables"\s*:\s*\[/

export function isAnalyticsAnswer(text: string): boolean {
  return ANSWER.test(text)
}

/** Whether the columns of the first table are those of Windows events. */
export function hasEventColumns(text: string): boolean {
  const names = new Set([...text.matchAll(/"name"\s*:\s*"([^"]{1,128})"/g)].map((match) => match[1] ?? ''))
  return names.has('EventID') && ['Channel', 'EventLog', 'EventSourceName'].some((name) => names.has(name))
}

const EXCERPT = 200

/** Reads every row as the object that its columns make of it. */
export async function* readAnalyticsAnswer(
  stream: AsyncIterable<Uint8Array>,
  prefix: string,
  mean: (object: JsonObject) => JsonMeaning,
): AsyncGenerator<ParsedUnit[]> {
  let names: readonly string[] = []
  let row = 0
  for await (const pieces of splitTables(stream)) {
    const units: ParsedUnit[] = []
    for (const piece of pieces) {
      if (piece.kind === 'columns') {
        names = namesOf(piece.text)
        units.push({ kind: 'heading', text: piece.text })
        continue
      }
      if (piece.kind === 'row' || piece.text !== '') row += 1
      units.push(toUnit(piece, `row ${row}`, names, prefix, mean))
    }
    if (units.length > 0) yield units
  }
}

function toUnit(
  piece: Exclude<TablePiece, { kind: 'columns' }>,
  locator: string,
  names: readonly string[],
  prefix: string,
  mean: (object: JsonObject) => JsonMeaning,
): ParsedUnit {
  const rejected = (what: string, records: number): ParsedUnit => ({
    kind: 'issue',
    locator,
    code: `${prefix}.${what}`,
    excerpt: piece.text.slice(0, EXCERPT),
    records,
  })
  if (piece.kind === 'broken') return rejected(piece.what, piece.text === '' ? 0 : 1)
  const parsed = parseObject(`{"row":${piece.text}}`)
  const cells = parsed.ok ? member(parsed.value, 'row') : undefined
  if (!Array.isArray(cells)) return rejected(parsed.ok ? 'not_object' : parsed.problem, 1)
  const object = Object.create(null) as Record<string, unknown>
  names.forEach((name, index) => {
    const value: unknown = cells[index]
    if (name !== '' && value !== null && value !== undefined && value !== '') object[name] = value
  })
  const { items, key, issues } = mean(object)
  return { kind: 'record', locator, raw: piece.text, key, items, issues }
}

function namesOf(text: string): string[] {
  const parsed = parseObject(`{"columns":${text}}`)
  const list = parsed.ok ? member(parsed.value, 'columns') : undefined
  return (Array.isArray(list) ? list : []).map((column: unknown) => scalarText(member(column, 'name')) ?? '')
}
