import { eventFacts } from './event-shape.ts'
import type { Exporter } from './exporter.ts'
import { eventPages } from './rows/events.ts'
import { safeJson } from './text/safe-text.ts'

export default {
  id: 'events-jsonl',
  extension: 'jsonl',
  mediaType: 'application/x-ndjson',
  reads: ['events'],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: {
      title: 'Events (JSON lines)',
      description:
        'Every event with all its fields under their ECS names, one JSON object per line, for programs.',
      left: 'Raw records (they stay in the case).',
    },
    'zh-TW': {
      title: '事件（JSON Lines）',
      description: '每行一個 JSON 物件，含事件的所有欄位（ECS 名稱），供程式使用。',
      left: '原始紀錄（保留在案件中）。',
    },
    ja: {
      title: 'イベント（JSON Lines）',
      description:
        'すべてのイベントを ECS のフィールド名で、1 行 1 つの JSON オブジェクトとして書き出します。',
      left: '生レコード（ケースに残ります）。',
    },
  },
  async *write(source) {
    for await (const page of eventPages(source))
      for (const event of page)
        yield `${safeJson({ ...eventFacts(event), at: event.at, fields: event.fields })}\n`
  },
} satisfies Exporter
