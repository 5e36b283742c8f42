import type { ResultOf } from '../../contract/types.ts'
import { outside, type Block, type Line } from '../document.ts'
import { issueWords } from '../facts/issues.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

export default {
  id: 'rejected',
  order: 193,
  within: 'appendices',
  options: [
    { id: 'rows', kind: 'number', default: 200, min: 0, max: 20_000 },
    { id: 'remarks', kind: 'flag', default: false },
  ],
  texts: {
    en: {
      title: 'Rejected records',
      description: 'What of the evidence could not be read, where it stands and why.',
      'option.rows': 'Rows at most',
      'option.remarks': 'Also remarks that cost no record',
      intro:
        'Each row is a place in the evidence that could not be read, with its beginning as it stands there.',
      place: 'Place',
      why: 'Why',
      excerpt: 'Beginning',
      left: '{count} more is not printed; the workbench lists it under Evidence. | {count} more are not printed; the workbench lists them under Evidence.',
      empty: 'Every record of the evidence could be read.',
    },
    'zh-TW': {
      title: '拒收的紀錄',
      description: '證據中無法讀取的部分、其位置與原因。',
      'option.rows': '最多列數',
      'option.remarks': '一併列出未造成紀錄遺失的註記',
      intro: '每一列為證據中一處無法讀取之處，並附該處原文的開頭。',
      place: '位置',
      why: '原因',
      excerpt: '開頭',
      left: '另有 {count} 筆未列印；可於工作台「證據」畫面查看。',
      empty: '證據的所有紀錄均可讀取。',
    },
    ja: {
      title: '拒否したレコード',
      description: '証拠のうち読み取れなかった箇所とその理由。',
      'option.rows': '最大行数',
      'option.remarks': 'レコードを失わない注記も含める',
      intro: '各行は証拠の中で読み取れなかった箇所と、その冒頭の原文です。',
      place: '位置',
      why: '理由',
      excerpt: '冒頭',
      left: 'ほか {count} 件は印刷していません。ワークベンチの「証拠」で確認できます。',
      empty: '証拠のすべてのレコードを読み取れました。',
    },
  },
  async build({ words, ask, count, flag }): Promise<readonly Block[]> {
    const wanted = count('rows')
    const rows: ResultOf<'evidence.issues'>['rows'] = []
    let total = 0
    let cursor: string | null = null
    do {
      const page: ResultOf<'evidence.issues'> = await ask('evidence.issues', {
        lost: flag('remarks') ? null : true,
        limit: Math.max(1, Math.min(1000, wanted - rows.length)),
        cursor,
      })
      rows.push(...page.rows)
      total = page.total ?? rows.length
      cursor = page.rows.length > 0 && rows.length < wanted ? page.next : null
    } while (cursor !== null)
    const shown = rows.slice(0, wanted)
    if (total === 0) return [{ block: 'paragraph', text: [words('empty')] }]
    return [
      { block: 'paragraph', text: [words('intro')], look: 'note' },
      {
        block: 'table',
        columns: [
          { header: shared('column.evidence'), width: 9 },
          { header: words('place'), width: 19 },
          { header: words('why'), width: 27 },
          { header: words('excerpt'), width: 45 },
        ],
        rows: shown.map((row) => ({
          cells: [
            [{ kind: 'cite', ref: `E${row.evidenceId}` }] satisfies Line,
            [outside(row.locator)],
            [issueWords(row.code)],
            [outside(row.excerpt, 'mono')],
          ],
        })),
        empty: words('empty'),
      },
      ...(total > shown.length
        ? [
            {
              block: 'paragraph' as const,
              text: [words('left', { count: total - shown.length })],
              look: 'note' as const,
            },
          ]
        : []),
    ]
  },
} satisfies Section
