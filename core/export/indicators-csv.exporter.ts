import { toIsoOrNull } from '../store/time.ts'
import type { Exporter } from './exporter.ts'
import { indicatorTexts, quietValue } from './indicators.ts'
import { indicatorPages } from './rows/indicators.ts'
import { csvLine } from './text/csv.ts'
import { quietText } from './text/safe-text.ts'

export default {
  id: 'indicators-csv',
  extension: 'csv',
  mediaType: 'text/csv',
  reads: ['indicators'],
  addresses: 'choice',
  takesSpan: false,
  texts: {
    en: {
      title: 'Indicators (CSV)',
      description: 'Addresses, hosts and file hashes to look for or block, each with level, pack and reason.',
      left: indicatorTexts.left.en,
    },
    'zh-TW': {
      title: '指標（CSV）',
      description: '供搜尋或封鎖的網址、主機與檔案雜湊值，各附等級、特徵碼套件與理由。',
      left: indicatorTexts.left['zh-TW'],
    },
    ja: {
      title: 'インジケーター（CSV）',
      description:
        '検索や遮断に使う URL、ホスト、ファイルのハッシュを、レベル、パック、理由とともに書き出します。',
      left: indicatorTexts.left.ja,
    },
  },
  async *write(source) {
    yield `\ufeff${csvLine(['type', 'value', 'level', 'pack', 'entry', 'reason', 'first_seen', 'last_seen', 'name', 'entity'])}`
    const shown = (text: string | null) => (text === null || source.isLive ? text : quietText(text))
    for await (const page of indicatorPages(source))
      for (const one of page)
        yield csvLine([
          one.type,
          quietValue(one, source.isLive),
          one.level,
          one.pack,
          one.entry === null || source.isLive
            ? one.entry
            : quietValue({ type: 'url', value: one.entry }, false),
          shown(one.reason),
          toIsoOrNull(one.firstSeen),
          toIsoOrNull(one.lastSeen),
          one.name,
          one.entityId,
        ])
  },
} satisfies Exporter
