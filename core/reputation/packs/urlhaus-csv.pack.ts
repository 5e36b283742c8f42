import { rejected } from './rejected.ts'
import { toPattern } from '../pattern.ts'
import { parseHeaderDate } from './header-date.ts'
import { readLines } from './lines.ts'
import { levelOf, type PackReader, type PackUnit } from './pack-reader.ts'
import { splitCells } from './split-cells.ts'
import { URLHAUS_LEVELS } from './urlhaus.ts'

/** Columns of the dump (formats.md D1): id, dateadded, url, url_status, last_online, threat, tags, urlhaus_link, reporter. */
const HEADER = /^#?\s*"?id"?,"?dateadded"?,"?url"?,"?url_status"?/i
const ROW = /^"?\d+"?,"?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"?,"?[a-z]+:\/\//i

/** Header line of older dumps lacks `last_online`; columns go by name. */
function columnsOf(line: string): Map<string, number> {
  const names = line.replace(/^#\s*/, '').split(',')
  return new Map(names.map((name, index) => [name.trim().replaceAll('"', '').toLowerCase(), index]))
}
const DEFAULT_COLUMNS = columnsOf('id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter')

/** CSV dumps of abuse.ch URLhaus: pages that spread malware. Their `malware_download` is W7: dangerous. */
const urlhausCsv: PackReader = {
  id: 'urlhaus-csv',
  texts: {
    en: { title: 'URLhaus CSV', description: 'CSV dump of URLhaus: addresses that spread malware.' },
    'zh-TW': { title: 'URLhaus CSV', description: 'URLhaus 的 CSV 匯出檔：散布惡意軟體的網址。' },
    ja: { title: 'URLhaus CSV', description: 'URLhaus の CSV ダンプ。マルウェアを配布する URL の一覧です。' },
  },
  levels: URLHAUS_LEVELS,
  detect(head) {
    const lines = head.split(/\r\n|\r|\n/, 60)
    if (lines.some((line) => HEADER.test(line))) return 0.95
    return lines.some((line) => ROW.test(line)) ? 0.9 : 0
  },
  *read(chunks, options): Iterable<PackUnit> {
    let columns = DEFAULT_COLUMNS
    let newest: number | undefined
    let stated: number | undefined
    for (const { number, text, isCut } of readLines(chunks)) {
      if (HEADER.test(text)) {
        columns = columnsOf(text)
        continue
      }
      if (text.startsWith('#')) {
        const updated = /last updated\s*:\s*(.+?)\s*#*$/i.exec(text)?.[1]
        stated = (updated === undefined ? undefined : parseHeaderDate(updated)) ?? stated
        continue
      }
      if (text.trim() === '') continue
      const cells = isCut ? undefined : splitCells(text)
      const cell = (name: string): string => cells?.[columns.get(name) ?? -1] ?? ''
      const pattern = toPattern('exact', cell('url'))
      const added = parseHeaderDate(cell('dateadded'))
      if (pattern === undefined || added === undefined || !cell('url').includes('://')) {
        yield rejected(number, text, isCut)
        continue
      }
      if (newest === undefined || added > newest) newest = added
      const threat = cell('threat')
      const tags = cell('tags')
      yield {
        kind: 'entry',
        pattern,
        text: cell('url'),
        level: levelOf(options, URLHAUS_LEVELS, threat),
        category: threat === '' ? undefined : threat,
        firstSeenAt: added,
        note: tags === '' || tags === 'None' ? undefined : tags,
      }
    }
    yield { kind: 'header', source: 'URLhaus (abuse.ch)', createdAt: stated ?? newest }
  },
}
export default urlhausCsv
