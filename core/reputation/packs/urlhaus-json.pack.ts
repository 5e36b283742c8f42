import { rejected } from './rejected.ts'
import { toPattern } from '../pattern.ts'
import { parseHeaderDate } from './header-date.ts'
import { keyedEntries } from './keyed-entries.ts'
import { levelOf, type PackReader, type PackUnit } from './pack-reader.ts'
import { newer } from './phishtank.ts'
import { listOf, readJson, textOf } from './read-json.ts'
import { URLHAUS_LEVELS } from './urlhaus.ts'

/** JSON dump of abuse.ch URLhaus. */
const urlhausJson: PackReader = {
  id: 'urlhaus-json',
  texts: {
    en: { title: 'URLhaus JSON', description: 'JSON dump of URLhaus: addresses that spread malware.' },
    'zh-TW': { title: 'URLhaus JSON', description: 'URLhaus 的 JSON 匯出檔：散布惡意軟體的網址。' },
    ja: {
      title: 'URLhaus JSON',
      description: 'URLhaus の JSON ダンプ。マルウェアを配布する URL の一覧です。',
    },
  },
  levels: URLHAUS_LEVELS,
  detect: (head) =>
    /^\s*\{/.test(head) && /"url_status"\s*:/.test(head) && /"urlhaus_link"\s*:/.test(head) ? 0.95 : 0,
  *read(chunks, options): Iterable<PackUnit> {
    let newest: number | undefined
    let number = 0
    for (const raw of keyedEntries(readJson(chunks))) {
      number += 1
      const url = textOf(raw, 'url')
      const pattern = url.includes('://') ? toPattern('exact', url) : undefined
      const firstSeenAt = parseHeaderDate(textOf(raw, 'dateadded'))
      if (pattern === undefined) {
        yield rejected(number, raw)
        continue
      }
      newest = newer(newest, firstSeenAt)
      const threat = textOf(raw, 'threat')
      const tags = listOf(raw, 'tags').join(', ')
      yield {
        kind: 'entry',
        pattern,
        text: url,
        level: levelOf(options, URLHAUS_LEVELS, threat),
        category: threat === '' ? undefined : threat,
        firstSeenAt,
        note: tags === '' ? undefined : tags,
      }
    }
    yield { kind: 'header', source: 'URLhaus (abuse.ch)', createdAt: newest }
  },
}
export default urlhausJson
