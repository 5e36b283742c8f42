import { rejected } from './rejected.ts'
import { readLines } from './lines.ts'
import type { PackReader, PackUnit } from './pack-reader.ts'
import { newer, PHISHTANK_LEVELS, toPhishtankEntry } from './phishtank.ts'
import { splitCells } from './split-cells.ts'

const HEADER = /^\ufeff?"?phish_id"?,"?url"?,"?phish_detail_url"?/i

/** CSV download of PhishTank: pages reported, and mostly checked, as phishing. */
const phishtankCsv: PackReader = {
  id: 'phishtank-csv',
  texts: {
    en: { title: 'PhishTank CSV', description: 'CSV download of PhishTank: pages reported as phishing.' },
    'zh-TW': { title: 'PhishTank CSV', description: 'PhishTank 的 CSV 下載檔：被通報為網路釣魚的頁面。' },
    ja: {
      title: 'PhishTank CSV',
      description: 'PhishTank の CSV。フィッシングとして報告されたページの一覧です。',
    },
  },
  levels: PHISHTANK_LEVELS,
  detect: (head) => (HEADER.test(head) ? 0.95 : 0),
  *read(chunks, options): Iterable<PackUnit> {
    let columns: readonly string[] = []
    let newest: number | undefined
    for (const { number, text, isCut } of readLines(chunks)) {
      if (text.trim() === '') continue
      const cells = isCut ? undefined : splitCells(text)
      if (HEADER.test(text)) {
        columns = (cells ?? []).map((name) => name.replace(/^\ufeff/, '').toLowerCase())
        continue
      }
      const entry = cells && toPhishtankEntry((name) => cells[columns.indexOf(name)] ?? '', options)
      newest = newer(newest, entry?.firstSeenAt)
      yield entry ?? rejected(number, text, isCut)
    }
    yield { kind: 'header', source: 'PhishTank', createdAt: newest }
  },
}
export default phishtankCsv
