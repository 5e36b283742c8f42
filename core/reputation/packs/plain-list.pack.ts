import { rejected } from './rejected.ts'
import { parseHeaderDate } from './header-date.ts'
import { readLines } from './lines.ts'
import { levelOf, type PackHeaderUnit, type PackReader, type PackUnit } from './pack-reader.ts'
import { isRemark, readPlainLine } from './plain-line.ts'

/** Lines looked at to recognise a list; a list that starts with more nonsense than this is none. */
const LOOKED_AT = 200

/** `! Updated: 2026-03-01T00:00:00Z` and the like at the head of a list. */
function readRemark(line: string): PackHeaderUnit | undefined {
  const match = /^\s*(?:[#!;]+|\/\/)\s*([A-Za-z][A-Za-z ]{2,30}?)\s*:\s*(\S.*?)\s*$/.exec(line)
  if (match === null) return undefined
  const [, key = '', value = ''] = match
  switch (key.toLowerCase()) {
    case 'title':
    case 'name':
      return { kind: 'header', name: value }
    case 'version':
      return { kind: 'header', version: value }
    case 'source':
    case 'homepage':
      return { kind: 'header', source: value }
    case 'updated':
    case 'last updated':
    case 'last modified':
    case 'generated':
    case 'generated on':
    case 'created':
    case 'createdat':
    case 'date':
      return { kind: 'header', createdAt: parseHeaderDate(value) }
    default:
      return undefined
  }
}

/** A list says nothing of its entries but that they are bad, or (ad-block style, `@@`) that it spares them. */
const EXCEPTION = '@@'
const LEVELS = { [EXCEPTION]: 'safe', '*': 'dangerous' } as const

/** Lists of one pattern a line: URLs, hosts, addresses; hosts files; ad-block style `||x^`. States no level. */
const plainList: PackReader = {
  id: 'plain-list',
  texts: {
    en: {
      title: 'Plain list',
      description: 'One URL, host or address per line; hosts files and ad-block lists are read too.',
    },
    'zh-TW': {
      title: '純文字清單',
      description: '每行一個 URL、主機或位址；也可讀取 hosts 檔與廣告封鎖格式的清單。',
    },
    ja: {
      title: 'テキストリスト',
      description:
        '1 行に URL、ホスト、アドレスのいずれか 1 件。hosts ファイルと広告ブロック形式のリストにも対応します。',
    },
  },
  levels: LEVELS,
  detect(head) {
    const lines = head.split(/\r\n|\r|\n/).filter((line) => !isRemark(line))
    if (head.length > 60_000) lines.pop()
    const looked = lines.slice(0, LOOKED_AT)
    const good = looked.filter((line) => readPlainLine(line).kind !== 'broken').length
    return good * 2 > looked.length ? 0.5 : 0
  },
  *read(chunks, options): Iterable<PackUnit> {
    for (const { number, text, isCut } of readLines(chunks)) {
      if (isRemark(text)) {
        const header = readRemark(text)
        if (header !== undefined) yield header
        continue
      }
      const line = readPlainLine(text)
      if (isCut || line.kind === 'broken') yield rejected(number, text, isCut)
      else if (line.kind === 'patterns') {
        // `--level` is how bad the list is; what the list itself spares does not become bad by it.
        const level =
          line.isException === true
            ? (options.levels[EXCEPTION] ?? LEVELS[EXCEPTION])
            : levelOf(options, LEVELS, '')
        for (const { pattern, text: shown } of line.patterns)
          yield { kind: 'entry', pattern, text: shown, level }
      }
    }
  },
}
export default plainList
