import { readWholeXml } from './xml-pieces.ts'

/** How a number is to be read: as a day, a time of day, both, or (undefined) as a number. */
export type CellFormat = 'date' | 'time' | 'date-time' | undefined

/** Built-in formats that show a time (ECMA-376 part 1, 18.8.30); 46 is a duration, which stays a number. */
const BUILT_IN: readonly (readonly [from: number, to: number, format: CellFormat])[] = [
  [14, 17, 'date'],
  [18, 21, 'time'],
  [22, 22, 'date-time'],
  [27, 31, 'date'],
  [32, 35, 'time'],
  [36, 36, 'date'],
  [45, 45, 'time'],
  [47, 47, 'time'],
  [50, 58, 'date'],
]

/** What a format code shows (18.8.31): quoted text, escaped characters and colours show nothing; `[h]` counts hours beyond a day. */
export function formatOfCode(code: string): CellFormat {
  const [section = ''] = code.replace(/"[^"]*"|[\\_*]./g, '').split(';')
  if (/\[(?:h+|m+|s+)\]/i.test(section)) return undefined
  const shown = section.replace(/\[[^\]]*\]/g, '').replace(/general/gi, '')
  const hasDay = /[yd]/i.test(shown)
  const hasTime = /[hs]/i.test(shown)
  if (hasDay) return hasTime ? 'date-time' : 'date'
  return hasTime ? 'time' : undefined
}

const builtIn = (id: number): CellFormat => BUILT_IN.find(([from, to]) => id >= from && id <= to)?.[2]

/** The formats of a workbook by the number a cell names (`s`), from its part `styles.xml`. */
export async function readCellFormats(stream: AsyncIterable<Uint8Array>): Promise<readonly CellFormat[]> {
  const own = new Map<number, CellFormat>()
  const formats: CellFormat[] = []
  let isOfCells = false
  await readWholeXml(stream, {
    open(name, attributes) {
      const id = Number(attributes['numFmtId'])
      if (name === 'cellXfs') isOfCells = true
      else if (name === 'numFmt') own.set(id, formatOfCode(attributes['formatCode'] ?? ''))
      else if (name === 'xf' && isOfCells) formats.push(own.has(id) ? own.get(id) : builtIn(id))
    },
    text: () => undefined,
    close(name) {
      if (name === 'cellXfs') isOfCells = false
    },
  })
  return formats
}
