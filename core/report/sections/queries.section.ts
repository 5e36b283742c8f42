import { joinLines, number, outside, words as keyed, type Block } from '../document.ts'
import type { Question } from '../context.ts'
import type { Section } from '../section.ts'

export default {
  id: 'queries',
  order: 192,
  within: 'appendices',
  collects: true,
  options: [{ id: 'rows', kind: 'number', default: 200, min: 10, max: 2000 }],
  texts: {
    en: {
      title: 'Queries',
      description: 'What each section asked the case, so that the answers can be had again.',
      'option.rows': 'Rows at most',
      intro:
        'Sections read the case only by these queries, the same that the screens use. Questions that differ only in the id they ask for are counted together; an example stands beside them.',
      section: 'Section',
      query: 'Query',
      input: 'Input, or an example of it',
      times: 'Times',
      left: '{count} more row is not printed. | {count} more rows are not printed.',
      empty: 'No query was made.',
    },
    'zh-TW': {
      title: '查詢',
      description: '各章節向案件提出的查詢，可據以重新取得結果。',
      'option.rows': '最多列數',
      intro: '各章節僅以下列查詢讀取案件，與畫面所用相同。僅識別碼不同的查詢合併計數，旁列一例。',
      section: '章節',
      query: '查詢',
      input: '輸入或其一例',
      times: '次數',
      left: '另有 {count} 列未列印。',
      empty: '未進行任何查詢。',
    },
    ja: {
      title: '問い合わせ',
      description: '各章がケースに対して行った問い合わせ。同じ答えを再び得られます。',
      'option.rows': '最大行数',
      intro:
        '各章は以下の問い合わせのみでケースを読みます（画面と同じものです）。ID だけが異なる問い合わせはまとめて数え、例を示します。',
      section: '章',
      query: '問い合わせ',
      input: '入力（またはその例）',
      times: '回数',
      left: 'ほか {count} 行は印刷していません。',
      empty: '問い合わせは行われていません。',
    },
  },
  build(context): Promise<readonly Block[]> {
    const { words, asked, count, chosen } = context
    const groups = new Map<
      string,
      { readonly first: Question; readonly sections: Set<string>; times: number }
    >()
    for (const question of asked()) {
      const shape = question.input.replaceAll(/\d+/g, '#').replaceAll(/"[^"]*#[^"]*"/g, '"#"')
      const key = `${question.method} ${shape}`
      const group = groups.get(key) ?? { first: question, sections: new Set(), times: 0 }
      group.times += 1
      group.sections.add(question.section)
      groups.set(key, group)
    }
    const rows = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
    const left = rows.length - count('rows')
    return Promise.resolve([
      { block: 'paragraph', text: [words('intro')], look: 'note' },
      {
        block: 'table',
        columns: [
          { header: words('query'), width: 18 },
          { header: words('input'), width: 42 },
          { header: words('section'), width: 30 },
          { header: words('times'), width: 10, align: 'right' },
        ],
        rows: rows.slice(0, count('rows')).map(({ first, sections, times }) => ({
          cells: [
            [outside(first.method, 'mono')],
            [outside(first.input, 'mono')],
            joinLines(
              chosen.filter((id) => sections.has(id)).map((id) => [keyed(`report.${id}.title`)]),
              outside('·'),
            ),
            [number(times)],
          ],
        })),
        empty: words('empty'),
      },
      ...(left > 0
        ? [{ block: 'paragraph' as const, text: [words('left', { count: left })], look: 'note' as const }]
        : []),
    ])
  },
} satisfies Section
