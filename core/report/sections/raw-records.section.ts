import { recordRef, type Citation, type ReportContext } from '../context.ts'
import { outside, type Block } from '../document.ts'
import type { Section } from '../section.ts'

/** Records printed; a report of thousands of pages helps nobody, the case holds all. */
const MAX_RECORDS = 250
/** A record of a megabyte (a script block, a mail with its body) is cut on paper. */
const MAX_CHARACTERS = 5000

export default {
  id: 'raw-records',
  order: 200,
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
      left: 'Tables name {count} more record; it is not printed here. The workbench shows it by its name, and the evidence file holds it at that number. | Tables name {count} more records; they are not printed here. The workbench shows each by its name, and the evidence file holds it at that number.',
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
      left: '表格中另列名 {count} 筆紀錄，未在此列印；可於工作台依名稱查看，亦可在證據檔案中依編號找到。',
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
      left: '表には他に {count} 件のレコードの名前がありますが、ここには印刷していません。ワークベンチで名前から確認でき、証拠ファイルのその番号の位置にもあります。',
      empty: '本報告書はレコードを引用していません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words } = context
    const cited = context.cited()
    if (cited.length === 0) return [{ block: 'paragraph', text: [words('empty')] }]
    const records = await Promise.all(
      cited.slice(0, MAX_RECORDS).map((citation) => record(context, citation)),
    )
    const left = cited.length - records.length + context.mentioned().length
    return [
      { block: 'paragraph', text: [words('intro')], look: 'note' },
      ...records,
      ...(left > 0
        ? [{ block: 'paragraph' as const, text: [words('left', { count: left })], look: 'note' as const }]
        : []),
    ]
  },
} satisfies Section

async function record({ ask, words }: ReportContext, citation: Citation): Promise<Block> {
  const raw = await ask('record.get', citation)
  const isCut = raw.raw.length > MAX_CHARACTERS
  const note = isCut
    ? words('cut', { shown: MAX_CHARACTERS, all: raw.raw.length })
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
    text: (isCut ? raw.raw.slice(0, MAX_CHARACTERS) : raw.raw).toWellFormed(),
    ...(note ? { note } : {}),
  }
}
