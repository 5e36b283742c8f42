import type { ReportContext } from '../context.ts'
import { number, outside, type Block } from '../document.ts'
import { listCustody } from '../facts/custody.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

export default {
  id: 'hash-manifest',
  order: 195,
  within: 'appendices',
  options: [
    { id: 'packs', kind: 'flag', default: false },
    { id: 'written', kind: 'flag', default: false },
  ],
  texts: {
    en: {
      title: 'Hash manifest',
      description: 'The SHA-256 of every evidence item, to check the files against.',
      'option.packs': 'List pattern packs',
      'option.written': 'List files written out of the case before',
      packs: 'Pattern packs',
      noPacks: 'No pattern pack is loaded.',
      written: 'Files written out of the case before this report',
      noneWritten: 'The audit log names no file written out of the case.',
      intro:
        'Computed while the files were read. The same command on the files at hand (sha256sum, Get-FileHash) must give the same values.',
      id: 'Item',
      bytes: 'Bytes',
      empty: 'The case holds no evidence yet.',
    },
    'zh-TW': {
      title: '雜湊值清單',
      description: '每一項證據的 SHA-256，供核對檔案之用。',
      'option.packs': '列出特徵碼套件',
      'option.written': '列出先前自案件寫出的檔案',
      packs: '特徵碼套件',
      noPacks: '未載入特徵碼套件。',
      written: '本報告之前自案件寫出的檔案',
      noneWritten: '稽核記錄中沒有自案件寫出的檔案。',
      intro: '於讀取檔案時計算。對手邊的檔案執行相同計算（sha256sum、Get-FileHash）應得到相同的值。',
      id: '項目',
      bytes: '位元組',
      empty: '本案件尚無證據。',
    },
    ja: {
      title: 'ハッシュ一覧',
      description: '各証拠の SHA-256。ファイルの照合に使います。',
      'option.packs': 'パターンパックを載せる',
      'option.written': 'これまでにケースから書き出したファイルを載せる',
      packs: 'パターンパック',
      noPacks: 'パターンパックは読み込まれていません。',
      written: '本報告書より前にケースから書き出したファイル',
      noneWritten: '監査ログには、ケースから書き出したファイルがありません。',
      intro:
        'ファイルの読み取り時に計算しました。手元のファイルに同じ計算（sha256sum、Get-FileHash）を行うと同じ値になるはずです。',
      id: '項目',
      bytes: 'バイト数',
      empty: 'このケースにはまだ証拠がありません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { ask, words, flag } = context
    const items = await ask('evidence.list', {})
    return [
      { block: 'paragraph', text: [words('intro')], look: 'note' },
      {
        block: 'table',
        columns: [
          { header: words('id'), width: 6 },
          { header: shared('column.name'), width: 26 },
          { header: words('bytes'), width: 11, align: 'right' },
          { header: shared('column.sha256'), width: 57 },
        ],
        rows: items.map((item) => ({
          cells: [
            [outside(`E${item.id}`, 'strong')],
            [outside(item.name)],
            [number(item.bytes)],
            [outside(item.sha256, 'mono')],
          ],
        })),
        empty: words('empty'),
      },
      ...(flag('packs') ? [await packTable(context)] : []),
      ...(flag('written') ? [await writtenTable(context)] : []),
    ]
  },
} satisfies Section

async function packTable({ ask, words, time }: ReportContext): Promise<Block> {
  const packs = await ask('pack.list', {})
  return {
    block: 'table',
    caption: words('packs'),
    columns: [
      { header: shared('column.name'), width: 43 },
      { header: shared('column.sha256'), width: 57 },
    ],
    rows: packs.map((pack) => ({
      cells: [
        [outside(`${pack.name} ${pack.version} (${time(pack.createdAt, 'minute')})`)],
        [outside(pack.sha256, 'mono')],
      ],
    })),
    empty: words('noPacks'),
  }
}

/** Entries of the audit log that name a file written out of the case, with its hash. */
const WRITTEN: ReadonlySet<string> = new Set([
  'export.written',
  'plan.exported',
  'report.written',
  'archive.written',
])

/** Files handed out before this report; a report written since the last change of the case is not among them (listCustody says why). */
async function writtenTable(context: ReportContext): Promise<Block> {
  const { words, time, case: info } = context
  const rows = (await listCustody(context)).flatMap(({ action, at, details }) => {
    const { file, sha256 } = details
    if (!WRITTEN.has(action) || typeof file !== 'string' || typeof sha256 !== 'string') return []
    return [{ cells: [[outside(time(at))], [outside(file)], [outside(sha256, 'mono' as const)]] }]
  })
  return {
    block: 'table',
    caption: words('written'),
    columns: [
      { header: shared('column.time', { zone: info.zone }), width: 17 },
      { header: shared('column.name'), width: 26 },
      { header: shared('column.sha256'), width: 57 },
    ],
    rows,
    empty: words('noneWritten'),
  }
}
