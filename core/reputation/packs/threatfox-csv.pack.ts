import { rejected } from './rejected.ts'
import { readLines } from './lines.ts'
import type { PackReader, PackUnit } from './pack-reader.ts'
import { newer } from './phishtank.ts'
import { splitCells } from './split-cells.ts'
import { isOtherThreatfoxType, THREATFOX_LEVELS, toThreatfoxEntry } from './threatfox.ts'

const HEADER = /^#?\s*"?first_seen_utc"?\s*,\s*"?ioc_id"?\s*,\s*"?ioc_value"?/i

/** CSV export of abuse.ch ThreatFox; its cells stand behind `, ` and its header behind `#`. */
const threatfoxCsv: PackReader = {
  id: 'threatfox-csv',
  texts: {
    en: { title: 'ThreatFox CSV', description: 'CSV export of ThreatFox: addresses used by malware.' },
    'zh-TW': { title: 'ThreatFox CSV', description: 'ThreatFox 的 CSV 匯出檔：惡意軟體使用的位址。' },
    ja: { title: 'ThreatFox CSV', description: 'ThreatFox の CSV。マルウェアが使うアドレスの一覧です。' },
  },
  levels: THREATFOX_LEVELS,
  detect: (head) => (head.split(/\r\n|\r|\n/, 60).some((line) => HEADER.test(line)) ? 0.95 : 0),
  *read(chunks, options): Iterable<PackUnit> {
    let columns: readonly string[] = []
    let newest: number | undefined
    for (const { number, text, isCut } of readLines(chunks)) {
      const line = text
        .replace(/^#\s*/, '')
        .replace(/"\s*,\s+(?=")/g, '",')
        .trim()
      if (HEADER.test(text)) {
        columns = (splitCells(line) ?? []).map((name) => name.toLowerCase())
        continue
      }
      if (text.startsWith('#') || line === '') continue
      const cells = isCut ? undefined : splitCells(line)
      const read = (name: string): string => cells?.[columns.indexOf(name)]?.trim() ?? ''
      if (cells && isOtherThreatfoxType(read('ioc_type'))) continue
      const entry = cells && toThreatfoxEntry(read, options)
      newest = newer(newest, entry?.firstSeenAt)
      yield entry ?? rejected(number, text, isCut)
    }
    yield { kind: 'header', source: 'ThreatFox (abuse.ch)', createdAt: newest }
  },
}
export default threatfoxCsv
