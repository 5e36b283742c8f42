import { EVENT_FIELD_COLUMNS, eventFacts } from './event-shape.ts'
import type { Exporter } from './exporter.ts'
import { eventPages } from './rows/events.ts'
import { csvLine } from './text/csv.ts'
import { quietText } from './text/safe-text.ts'

const FACTS = [
  'id',
  'at',
  'kind',
  'endpoint',
  'user',
  'summary',
  'evidence_id',
  'record',
  'locator',
  'zone_assumed',
] as const

export default {
  id: 'events-csv',
  extension: 'csv',
  mediaType: 'text/csv',
  reads: ['events'],
  addresses: 'choice',
  takesSpan: true,
  texts: {
    en: {
      title: 'Events (CSV)',
      description: 'Every event with all its fields, one row each, for a spreadsheet.',
      left: 'Raw records (they stay in the case); line breaks and control characters are shown as signs.',
    },
    'zh-TW': {
      title: '事件（CSV）',
      description: '每個事件一列，含所有欄位，供試算表使用。',
      left: '原始紀錄（保留在案件中）；換行與控制字元以符號顯示。',
    },
    ja: {
      title: 'イベント（CSV）',
      description: 'すべてのイベントを全フィールド付きで 1 行ずつ、表計算ソフト向けに書き出します。',
      left: '生レコード（ケースに残ります）。改行と制御文字は記号で示します。',
    },
  },
  async *write(source) {
    // A byte order mark: without it spreadsheets read other letters than were written.
    yield `\ufeff${csvLine([...FACTS, ...EVENT_FIELD_COLUMNS.map(({ name }) => name)])}`
    const shown = (value: string | number | undefined) =>
      typeof value === 'string' && !source.isLive ? quietText(value) : value
    for await (const page of eventPages(source))
      for (const event of page) {
        const facts = { ...eventFacts(event), at: event.at }
        yield csvLine([
          ...FACTS.map((name) => (typeof facts[name] === 'string' ? shown(facts[name]) : facts[name])),
          ...EVENT_FIELD_COLUMNS.map(({ name }) => shown(event.fields[name])),
        ])
      }
  },
} satisfies Exporter
