import { recordRef, type Citation, type ReportContext } from '../context.ts'
import { outside, type Block } from '../document.ts'
import type { Section } from '../section.ts'

export default {
  id: 'raw-records',
  order: 191,
  within: 'appendices',
  collects: true,
  options: [
    // A report of thousands of pages of raw text helps nobody; the case holds all.
    { id: 'records', kind: 'number', default: 250, min: 0, max: 20_000 },
    // A record of a megabyte (a script block, a mail with its body) is cut on paper.
    { id: 'characters', kind: 'number', default: 5000, min: 200, max: 200_000 },
  ],
  texts: {
    en: {
      title: 'Cited records',
      description:
        'The raw text of the records that the claims of this report rest on, under their stable names.',
      intro:
        'Names such as E3:1204 mean record 1204 of evidence item 3. Text is shown as it stands in the evidence, with these exceptions: addresses are broken so that they cannot be clicked, hidden characters are named in a frame, and a line that is too long for the page is broken with the mark ↩.',
      where: '{name}, place: {locator}',
      cut: 'Shown: the first {shown} of {all} characters.',
      kept: 'The record is longer than what is kept in the case; the evidence file holds all of it.',
      'option.records': 'Records printed at most',
      'option.characters': 'Characters per record at most',
      named: 'Records named',
      namedIntro:
        'Records that tables name and that are not printed above: their numbers within the evidence item. The workbench shows each by its name, and the evidence file holds it at that number.',
      empty: 'No claim of this report cites a record.',
    },
    'zh-TW': {
      title: '引用的原始紀錄',
      description: '本報告各項陳述所依據紀錄的原始文字，以固定名稱列出。',
      intro:
        '如 E3:1204 的名稱表示第 3 項證據的第 1204 筆紀錄。文字依證據原樣顯示，例外如下：位址已拆開而無法點擊，隱藏字元以方框標示名稱，超出頁寬的行以 ↩ 標記折行。',
      where: '{name}，位置：{locator}',
      cut: '僅顯示全部 {all} 個字元中的前 {shown} 個。',
      kept: '此紀錄超過案件中保留的長度；完整內容在證據檔案中。',
      'option.records': '最多列印紀錄數',
      'option.characters': '每筆最多字元數',
      named: '列名的紀錄',
      namedIntro:
        '表格中列名而未列印於上的紀錄：其在證據項目中的編號。可於工作台依名稱查看，亦可在證據檔案中依編號找到。',
      empty: '本報告沒有引用任何紀錄。',
    },
    ja: {
      title: '引用したレコード',
      description: '本報告書の記述の根拠となるレコードの原文を、固定の名前で示します。',
      intro:
        'E3:1204 のような名前は、証拠 3 のレコード 1204 を表します。文字列は証拠のまま示しますが、アドレスはクリックできないように分断し、隠れた文字は枠内に名前で示し、ページに収まらない行は ↩ の印で折り返しています。',
      where: '{name}、位置：{locator}',
      cut: '全 {all} 文字のうち先頭の {shown} 文字を表示しています。',
      kept: 'このレコードはケースに保持する長さを超えています。全文は証拠ファイルにあります。',
      'option.records': '印刷するレコードの最大数',
      'option.characters': 'レコードごとの最大文字数',
      named: '名前を挙げたレコード',
      namedIntro:
        '表に名前があり上に印刷していないレコードの、証拠内での番号です。ワークベンチで名前から確認でき、証拠ファイルのその番号の位置にもあります。',
      empty: '本報告書はレコードを引用していません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words, count } = context
    const cited = context.cited()
    const mentioned = context.mentioned()
    if (cited.length === 0 && mentioned.size === 0) return [{ block: 'paragraph', text: [words('empty')] }]
    const printed: Block[] = []
    for (const citation of cited.slice(0, count('records'))) printed.push(await record(context, citation))
    const listed = await register(context, cited.slice(count('records')), mentioned)
    return [
      { block: 'paragraph', text: [words('intro')], look: 'note' },
      ...printed,
      ...(listed.items.length > 0
        ? [
            { block: 'heading' as const, text: [words('named')] },
            { block: 'paragraph' as const, text: [words('namedIntro')], look: 'note' as const },
            listed,
          ]
        : []),
    ]
  },
} satisfies Section

async function record({ ask, words, count }: ReportContext, citation: Citation): Promise<Block> {
  const raw = await ask('record.get', citation)
  const most = count('characters')
  const isCut = raw.raw.length > most
  const note = isCut
    ? words('cut', { shown: most, all: raw.raw.length })
    : raw.truncated
      ? words('kept')
      : undefined
  return {
    block: 'record',
    ref: recordRef(citation),
    title: [
      words('where', { name: raw.evidenceName, locator: raw.locator }),
      outside(raw.sha256.slice(0, 12), 'mono'),
    ],
    text: (isCut ? raw.raw.slice(0, most) : raw.raw).toWellFormed(),
    ...(note ? { note } : {}),
  }
}

/** Records that are named and not printed, item by item with the hash of the file that holds them. */
async function register(
  { ask }: ReportContext,
  unprinted: readonly Citation[],
  mentioned: ReadonlyMap<string, readonly number[]>,
): Promise<Block & { block: 'register' }> {
  const items = await ask('evidence.list', {})
  const all = new Map<string, number[]>()
  for (const { evidenceId, record: number } of unprinted)
    all.set(evidenceId, [...(all.get(evidenceId) ?? []), number])
  for (const [evidenceId, records] of mentioned)
    all.set(
      evidenceId,
      [...(all.get(evidenceId) ?? []), ...records].sort((a, b) => a - b),
    )
  return {
    block: 'register',
    items: [...all]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([evidenceId, records]) => {
        const item = items.find(({ id }) => id === evidenceId)
        return {
          evidenceId,
          records,
          title: item === undefined ? [] : [outside(item.name), outside(item.sha256, 'mono')],
        }
      }),
  }
}
