import type { Exporter } from './exporter.ts'
import { workPages, type WorkItem } from './rows/work.ts'
import { csvLine } from './text/csv.ts'
import { quietText } from './text/safe-text.ts'

const COLUMNS = [
  'what',
  'type',
  'value',
  'text',
  'about_kind',
  'about',
  'about_key',
  'to',
  'confidence',
  'happened_at',
  'at',
  'changed_at',
  'by',
]

function cells({ what, row }: WorkItem): (string | number | null)[] {
  const end = [row.at, row.changedAt, row.actor]
  switch (what) {
    case 'mark':
      return [
        what,
        row.type,
        row.value,
        row.text,
        row.target.kind,
        row.target.name,
        row.target.key,
        null,
        null,
        null,
        ...end,
      ]
    case 'entity':
      return [what, row.kind, null, row.reason, 'entity', row.name, null, null, null, null, ...end]
    case 'relation': {
      const about = ['entity', row.from.name, null, row.to.name, row.confidence, row.happenedAt]
      return [what, 'analyst', row.label, row.reason, ...about, ...end]
    }
    case 'view':
      return [what, row.screen, row.name, null, 'view', row.name, null, null, null, null, ...end]
  }
}

export default {
  id: 'analyst-work-csv',
  extension: 'csv',
  mediaType: 'text/csv',
  reads: ['work'],
  addresses: 'choice',
  takesSpan: false,
  texts: {
    en: {
      title: 'The analyst’s work (CSV)',
      description:
        'Flags, tags, notes, verdicts and pins, relations and entities that were added: one line each.',
      left: 'States of saved views (the JSON file has them).',
    },
    'zh-TW': {
      title: '分析師的工作成果（CSV）',
      description: '旗標、標籤、備註、判定與釘選，以及分析師新增的關聯與實體，每項一列。',
      left: '已儲存檢視的內容（收錄於 JSON 檔）。',
    },
    ja: {
      title: '分析者の作業（CSV）',
      description:
        'フラグ、タグ、メモ、判定、ピン留め、分析者が追加した関係とエンティティを 1 行ずつ書き出します。',
      left: '保存したビューの中身（JSON に含まれます）。',
    },
  },
  async *write(source) {
    yield `\ufeff${csvLine(COLUMNS)}`
    for await (const page of workPages(source))
      for (const item of page)
        yield csvLine(
          cells(item).map((cell) => (typeof cell === 'string' && !source.isLive ? quietText(cell) : cell)),
        )
  },
} satisfies Exporter
