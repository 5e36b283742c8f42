import type yauzl from 'yauzl'
import { WorkbenchError } from '../../model/errors.ts'
import { readCellFormats } from '../workbook/cell-formats.ts'
import { readSharedStrings } from '../workbook/shared-strings.ts'
import { readSheet, type WorkbookTables } from '../workbook/sheet-table.ts'
import { type OpenPart, readWorkbookParts, type WorkbookParts } from '../workbook/workbook-parts.ts'
import { dropFirst, takeHead } from './byte-stream.ts'
import {
  problem,
  reasonOf,
  type Container,
  type ContainerContext,
  type Member,
  type Source,
} from './container.ts'
import { memberName, NameCounter } from './member-name.ts'
import { openContent, unlock } from './zip-content.ts'
import { listEntries, openZip, type ZipItem } from './zip-entries.ts'
import { isWorkbook } from './zip-kind.ts'

type Stream = AsyncIterable<Uint8Array>

/**
 * An Excel workbook (.xlsx, .xlsm; ECMA-376): every sheet that holds something is a table of comma separated values under the name
 * of its tab. Of formulas the stored results are read. How a number is shown is told only of times.
 */
const container: Container = {
  id: 'workbook',
  isCoding: true,
  recognises: isWorkbook,
  async *list(source, context) {
    const zip = await openZip(source)
    try {
      const { items, problems } = await listEntries(zip)
      yield* problems
      const open = partsOf(source, zip, items, context)
      const parts = await readWorkbookParts(open)
      if (parts === undefined) throw new Error('no workbook.xml')
      const tables = await tablesOf(parts, open, source.name)
      const names = new NameCounter()
      for (const sheet of parts.sheets) {
        const name = names.next(memberName(sheet.name))
        const meter = context.budget.meter()
        const rows = (): Stream => {
          const part = open(sheet.path)
          if (part === undefined) throw new Error(`no ${sheet.path}`)
          return meter(readSheet(part, tables))
        }
        const member = memberOf(name, rows)
        try {
          // An empty sheet is nothing: a new workbook used to have three.
          if ((await member.head()).length > 0) yield member
        } catch (thrown) {
          if (thrown instanceof WorkbenchError) throw thrown
          yield problem(name, 'archive.broken_member', reasonOf(thrown))
        }
      }
    } finally {
      zip.close()
    }
  },
}
export default container

function memberOf(name: string, rows: () => Stream): Member {
  let head: Promise<Uint8Array> | undefined
  const open = (from = 0): Stream => dropFirst(rows(), from)
  return { kind: 'member', name, size: null, open, head: async () => (head ??= takeHead(open())) }
}

/** The parts of the package by their paths, which no case tells apart (ECMA-376 part 2, 6.2.2). */
function partsOf(
  source: Source,
  zip: yauzl.ZipFile,
  items: readonly ZipItem[],
  { budget, keyring }: ContainerContext,
): OpenPart {
  const entries = new Map<
    string,
    { readonly entry: yauzl.Entry; readonly meter: ReturnType<typeof budget.meter> }
  >()
  for (const { entry, name, isOverlapping } of items)
    if (!isOverlapping) entries.set(name.toLowerCase(), { entry, meter: budget.meter() })
  async function* content(entry: yauzl.Entry): AsyncGenerator<Uint8Array> {
    const unlocked = await unlock(zip, entry, keyring)
    if (unlocked === 'locked' || !('decipher' in unlocked)) throw new Error('a part cannot be unpacked')
    yield* openContent(zip, entry, unlocked, (packed) =>
      source.reached?.(entry.relativeOffsetOfLocalHeader + packed),
    )
  }
  return (path) => {
    const found = entries.get(path.toLowerCase())
    return found?.meter(content(found.entry))
  }
}

async function tablesOf(
  { strings, styles, is1904 }: WorkbookParts,
  open: OpenPart,
  name: string,
): Promise<WorkbookTables> {
  const texts = strings === undefined ? undefined : open(strings)
  const formats = styles === undefined ? undefined : open(styles)
  return {
    strings: texts === undefined ? [] : await readSharedStrings(texts, name),
    formats: formats === undefined ? [] : await readCellFormats(formats),
    is1904,
  }
}
