import { WorkbenchError } from '../../model/errors.ts'
import { splitRows } from './csv-rows.ts'
import { classify } from './classify.ts'
import type { IndicatorReader } from './indicator-reader.ts'
import { kindOfWord } from './kind-words.ts'

const TYPE_COLUMNS = ['type', 'indicatortype', 'ioctype', 'kind', 'objecttype', 'attributetype']
const VALUE_COLUMNS = ['value', 'indicator', 'indicatorvalue', 'iocvalue', 'ioc', 'observable', 'object']
const TITLE_COLUMNS = [
  'description',
  'comment',
  'note',
  'notes',
  'title',
  'threat',
  'malware',
  'source',
  'info',
]
const fold = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Where the columns stand; undefined when the header is not one of indicators. */
function columnsOf(header: readonly string[]): { type: number; value: number; title: number } | undefined {
  const names = header.map(fold)
  const of = (wanted: readonly string[]) =>
    wanted.map((name) => names.indexOf(name)).find((index) => index >= 0) ?? -1
  const value = of(VALUE_COLUMNS)
  return value < 0 ? undefined : { type: of(TYPE_COLUMNS), value, title: of(TITLE_COLUMNS) }
}

const csv: IndicatorReader = {
  id: 'csv',
  texts: {
    en: {
      title: 'CSV with a column of values',
      description:
        'A table with the columns type and value (or indicator, ioc, object); the words of MISP, OTX, ThreatFox and lists of suspicious objects are understood. Without a type the shape of the value tells.',
    },
    'zh-TW': {
      title: '含值欄位的 CSV',
      description:
        '含 type 與 value（或 indicator、ioc、object）欄位的表格；可辨識 MISP、OTX、ThreatFox 與可疑物件清單的用詞。沒有種類時依值的形式判斷。',
    },
    ja: {
      title: '値の列がある CSV',
      description:
        'type と value（または indicator、ioc、object）の列がある表。MISP、OTX、ThreatFox、不審オブジェクト一覧の用語を理解します。種類がなければ値の形で判別します。',
    },
  },
  detect: (head) => {
    const [header] = splitRows(head.slice(0, 8192))
    return header !== undefined && header.length > 1 && columnsOf(header) !== undefined ? 0.8 : 0
  },
  read(text, list) {
    const [header = [], ...rows] = splitRows(text)
    const columns = columnsOf(header)
    if (columns === undefined)
      throw new WorkbenchError('sweep.unrecognised', { name: header.join(', ').slice(0, 100) })
    const nodes = []
    for (const row of rows) {
      const value = (row[columns.value] ?? '').trim()
      if (value === '') continue
      const title = (row[columns.title] ?? '').trim()
      const word = (row[columns.type] ?? '').trim()
      const kind = word === '' ? undefined : kindOfWord(word)
      const found = kind === undefined && word === '' ? classify(value) : undefined
      if (kind !== undefined) nodes.push(list.add(kind, value, { title }))
      else if (found !== undefined)
        nodes.push(list.add(found.kind, found.value, { operator: found.operator, title }))
      else
        nodes.push(list.addUnsupported(value, [word, title].filter((part) => part !== '').join(' '), 'kind'))
    }
    return { nodes }
  },
}
export default csv
