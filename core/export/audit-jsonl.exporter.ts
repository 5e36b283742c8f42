import { toIso } from '../store/time.ts'
import type { Exporter } from './exporter.ts'
import { auditPages } from './rows/audit.ts'
import { safeJson } from './text/safe-text.ts'

export default {
  id: 'audit-jsonl',
  extension: 'jsonl',
  mediaType: 'application/x-ndjson',
  reads: ['audit'],
  addresses: 'live',
  takesSpan: false,
  texts: {
    en: {
      title: 'Audit log (JSON lines)',
      description:
        'Every change of the case with its hash and the hash before it; the chain can be recomputed without Redthread.',
      left: 'The entry that records this very export: it is written after the file.',
    },
    'zh-TW': {
      title: '稽核記錄（JSON Lines）',
      description: '案件的每次變更及其雜湊值與前一筆的雜湊值；不需 Redthread 即可重新計算整條鏈。',
      left: '記錄本次匯出的那一筆：它在檔案之後才寫入。',
    },
    ja: {
      title: '監査ログ（JSON Lines）',
      description:
        'ケースの変更すべてを、そのハッシュと直前のハッシュとともに書き出します。Redthread なしで連鎖を再計算できます。',
      left: 'この書き出し自体の記録（ファイルの後に書かれます）。',
    },
  },
  async *write(source) {
    for await (const page of auditPages(source))
      for (const { at, details, ...entry } of page)
        // `atUs` and `details` as text: the hash is made of exactly these (docs/handoff.md shows how).
        yield `${safeJson({ ...entry, at: toIso(at), atUs: at, details })}\n`
  },
} satisfies Exporter
