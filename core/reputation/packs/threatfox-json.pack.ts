import { rejected } from './rejected.ts'
import { keyedEntries } from './keyed-entries.ts'
import type { PackReader, PackUnit } from './pack-reader.ts'
import { newer } from './phishtank.ts'
import { listOf, member, readJson, textOf } from './read-json.ts'
import { isOtherThreatfoxType, THREATFOX_LEVELS, toThreatfoxEntry } from './threatfox.ts'

/** JSON export of abuse.ch ThreatFox, and answers of its API (`data`). */
const threatfoxJson: PackReader = {
  id: 'threatfox-json',
  texts: {
    en: { title: 'ThreatFox JSON', description: 'JSON export of ThreatFox: addresses used by malware.' },
    'zh-TW': { title: 'ThreatFox JSON', description: 'ThreatFox 的 JSON 匯出檔：惡意軟體使用的位址。' },
    ja: { title: 'ThreatFox JSON', description: 'ThreatFox の JSON。マルウェアが使うアドレスの一覧です。' },
  },
  levels: THREATFOX_LEVELS,
  detect: (head) =>
    /^\s*\{/.test(head) && /"ioc_type"\s*:/.test(head) && /"threat_type"\s*:/.test(head) ? 0.9 : 0,
  *read(chunks, options): Iterable<PackUnit> {
    const whole = readJson(chunks)
    let newest: number | undefined
    let number = 0
    for (const raw of member(whole, 'data') === undefined ? keyedEntries(whole) : listOf(whole, 'data')) {
      number += 1
      // The API names the value `ioc`, the export `ioc_value`; tags are a list or text.
      const read = (name: string): string => {
        if (name === 'tags') return listOf(raw, 'tags').join(', ') || textOf(raw, 'tags')
        return textOf(raw, name) || (name === 'ioc_value' ? textOf(raw, 'ioc') : '')
      }
      if (isOtherThreatfoxType(read('ioc_type'))) continue
      const entry = toThreatfoxEntry(read, options)
      newest = newer(newest, entry?.firstSeenAt)
      yield entry ?? rejected(number, raw)
    }
    yield { kind: 'header', source: 'ThreatFox (abuse.ch)', createdAt: newest }
  },
}
export default threatfoxJson
