import { rejected } from './rejected.ts'
import { PackDefect } from '../pack-refusal.ts'
import type { PackReader, PackUnit } from './pack-reader.ts'
import { newer, PHISHTANK_LEVELS, toPhishtankEntry } from './phishtank.ts'
import { readJson, textOf } from './read-json.ts'

/** JSON download of PhishTank. */
const phishtankJson: PackReader = {
  id: 'phishtank-json',
  texts: {
    en: { title: 'PhishTank JSON', description: 'JSON download of PhishTank: pages reported as phishing.' },
    'zh-TW': { title: 'PhishTank JSON', description: 'PhishTank 的 JSON 下載檔：被通報為網路釣魚的頁面。' },
    ja: {
      title: 'PhishTank JSON',
      description: 'PhishTank の JSON。フィッシングとして報告されたページの一覧です。',
    },
  },
  levels: PHISHTANK_LEVELS,
  detect: (head) => (/^\s*\[\s*\{[^{}]{0,400}"phish_id"\s*:/.test(head) ? 0.95 : 0),
  *read(chunks, options): Iterable<PackUnit> {
    const entries = readJson(chunks)
    if (!Array.isArray(entries)) throw new PackDefect('pack.field', { field: '/' })
    let newest: number | undefined
    for (const [index, raw] of (entries as unknown[]).entries()) {
      const entry = toPhishtankEntry((name) => textOf(raw, name), options)
      newest = newer(newest, entry?.firstSeenAt)
      yield entry ?? rejected(index + 1, raw)
    }
    yield { kind: 'header', source: 'PhishTank', createdAt: newest }
  },
}
export default phishtankJson
