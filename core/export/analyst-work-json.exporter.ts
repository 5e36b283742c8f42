import { toIso } from '../store/time.ts'
import type { Exporter } from './exporter.ts'
import { workPages } from './rows/work.ts'
import { safeJson } from './text/safe-text.ts'

export default {
  id: 'analyst-work-json',
  extension: 'json',
  mediaType: 'application/json',
  reads: ['work'],
  addresses: 'live',
  takesSpan: false,
  texts: {
    en: {
      title: 'The analyst’s work (JSON)',
      description:
        'Marks with keys that name the same thing in every case of the same evidence, added entities and relations, saved views with their states.',
      left: 'The records the marks stand on: their keys name them.',
    },
    'zh-TW': {
      title: '分析師的工作成果（JSON）',
      description:
        '標記（其鍵值在相同證據的任何案件中都指向同一對象）、新增的實體與關聯，以及已儲存檢視的內容。',
      left: '標記所指的紀錄本身：以鍵值指明。',
    },
    ja: {
      title: '分析者の作業（JSON）',
      description:
        '印（同じ証拠ならどのケースでも同じものを指すキー付き）、追加したエンティティと関係、保存したビューの中身を書き出します。',
      left: '印が付いた記録そのもの（キーで示されます）。',
    },
  },
  async *write(source) {
    const head = {
      format: 'redthread-analyst-work',
      version: 1,
      caseId: source.caseId,
      at: toIso(source.now),
    }
    yield `${safeJson(head).slice(0, -1)},"items":[`
    let isFirst = true
    for await (const page of workPages(source))
      for (const { what, row } of page) {
        yield `${isFirst ? '' : ','}\n${safeJson({ what, ...row })}`
        isFirst = false
      }
    yield '\n]}\n'
  },
} satisfies Exporter
