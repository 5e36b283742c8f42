import { rejected } from './rejected.ts'
import { toPattern } from '../pattern.ts'
import { parseHeaderDate } from './header-date.ts'
import { levelOf, type PackReader, type PackUnit } from './pack-reader.ts'
import { newer } from './phishtank.ts'
import { listOf, member, readJson, textOf } from './read-json.ts'
import { URLHAUS_LEVELS } from './urlhaus.ts'

/**
 * Answers of the URLhaus API: recent URLs, and the look-ups of one URL, host, payload, tag or signature. They name fields otherwise
 * than the dump does (`date_added`, `urlhaus_reference`), and states the threat on the answer or not at all.
 */
const urlhausApi: PackReader = {
  id: 'urlhaus-api',
  texts: {
    en: {
      title: 'URLhaus API',
      description: 'Answer of the URLhaus API: recent addresses, or those of a host, tag or file.',
    },
    'zh-TW': {
      title: 'URLhaus API',
      description: 'URLhaus API 的回應：最近的網址，或某主機、標籤、檔案的網址。',
    },
    ja: {
      title: 'URLhaus API',
      description: 'URLhaus API の応答。最近の URL、またはホスト、タグ、ファイルに関する URL です。',
    },
  },
  levels: URLHAUS_LEVELS,
  detect: (head) =>
    /^\s*\{/.test(head) && /"query_status"\s*:/.test(head) && /"urlhaus_reference"\s*:/.test(head) ? 0.95 : 0,
  *read(chunks, options): Iterable<PackUnit> {
    const answer = readJson(chunks)
    // A look-up of one URL is its own entry; every other answer lists them.
    const entries = member(answer, 'urls') === undefined ? [answer] : listOf(answer, 'urls')
    let newest: number | undefined
    for (const [index, raw] of entries.entries()) {
      const url = textOf(raw, 'url')
      const pattern = url.includes('://') ? toPattern('exact', url) : undefined
      const firstSeenAt = parseHeaderDate(textOf(raw, 'date_added') || textOf(raw, 'firstseen'))
      if (pattern === undefined) {
        yield rejected(index + 1, raw)
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
        category: threat || undefined,
        firstSeenAt,
        note: tags || undefined,
      }
    }
    yield { kind: 'header', source: 'URLhaus (abuse.ch)', createdAt: newest }
  },
}
export default urlhausApi
