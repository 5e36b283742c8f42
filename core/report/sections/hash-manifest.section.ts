import { number, outside } from '../document.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

export default {
  id: 'hash-manifest',
  order: 195,
  within: 'appendices',
  texts: {
    en: {
      title: 'Hash manifest',
      description: 'The SHA-256 of every evidence item, to check the files against.',
      intro:
        'Computed while the files were read. The same command on the files at hand (sha256sum, Get-FileHash) must give the same values.',
      id: 'Item',
      bytes: 'Bytes',
      empty: 'The case holds no evidence yet.',
    },
    'zh-TW': {
      title: '雜湊值清單',
      description: '每一項證據的 SHA-256，供核對檔案之用。',
      intro: '於讀取檔案時計算。對手邊的檔案執行相同計算（sha256sum、Get-FileHash）應得到相同的值。',
      id: '項目',
      bytes: '位元組',
      empty: '本案件尚無證據。',
    },
    ja: {
      title: 'ハッシュ一覧',
      description: '各証拠の SHA-256。ファイルの照合に使います。',
      intro:
        'ファイルの読み取り時に計算しました。手元のファイルに同じ計算（sha256sum、Get-FileHash）を行うと同じ値になるはずです。',
      id: '項目',
      bytes: 'バイト数',
      empty: 'このケースにはまだ証拠がありません。',
    },
  },
  async build({ ask, words }) {
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
    ]
  },
} satisfies Section
