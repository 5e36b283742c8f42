import { lineBreak, number, outside, words as keyed, type Block } from '../document.ts'
import type { EvidenceRow } from '../../contract/nouns/evidence.ts'
import { issueWords } from '../facts/issues.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

export default {
  id: 'evidence',
  order: 50,
  options: [
    { id: 'hashes', kind: 'flag', default: true },
    { id: 'conservation', kind: 'choice', default: 'all', values: ['all', 'open', 'none'] },
  ],
  texts: {
    en: {
      title: 'Evidence inventory',
      description:
        'Every evidence item with hash, format, zone and time span, and what became of each record.',
      'option.hashes': 'Print SHA-256 beside each name (the hash manifest has them too)',
      'option.conservation': 'Conservation of records',
      'option.conservation.all': 'every item',
      'option.conservation.open': 'items with rejected records or issues',
      'option.conservation.none': 'leave out',
      noneOpen: 'Every item was read to its end, without rejected records and without issues.',
      id: 'Item',
      name: 'Name and SHA-256',
      format: 'Format and source zone',
      bytes: 'Bytes read',
      size: 'File size',
      duplicatesOnly: 'nothing of its own: every record is a duplicate of another item',
      zoneStated: 'zone as recorded',
      zoneAssumed: '{zone} (assumed)',
      span: 'Events from, to ({zone})',
      items: 'Items',
      conservation: 'Conservation of records',
      conservationNote:
        'Nothing is lost silently: for every item, the records read equal the records stored, known as duplicates and rejected, and the bytes read equal the file size. A balanced item may still lack records that its source never wrote or that were cut off before it was acquired.',
      read: 'Read',
      stored: 'Stored',
      duplicate: 'Duplicate',
      rejected: 'Rejected',
      balance: 'Balance',
      balanced: 'balanced',
      unbalanced: 'does not add up',
      partial: 'import not finished',
      issues: 'Issues',
      issue: '{code}: {count}',
      empty: 'The case holds no evidence yet.',
    },
    'zh-TW': {
      title: '證據清單',
      description: '每一項證據的雜湊值、格式、時區與時間範圍，以及每一筆紀錄的去向。',
      'option.hashes': '在名稱旁列出 SHA-256（雜湊值清單亦有）',
      'option.conservation': '紀錄數量核對',
      'option.conservation.all': '所有項目',
      'option.conservation.open': '有拒收紀錄或問題的項目',
      'option.conservation.none': '不列印',
      noneOpen: '每一項均已讀完，沒有拒收的紀錄，也沒有問題。',
      id: '項目',
      name: '名稱與 SHA-256',
      format: '格式與來源時區',
      bytes: '讀取位元組',
      size: '檔案大小',
      duplicatesOnly: '無自有內容：所有紀錄均與其他項目重複',
      zoneStated: '時區依紀錄所載',
      zoneAssumed: '{zone}（假定）',
      span: '事件起訖（{zone}）',
      items: '項目',
      conservation: '紀錄數量核對',
      conservationNote:
        '沒有任何紀錄會無聲遺失：每一項證據讀取的紀錄數，等於已儲存、重複與拒收三者之和；讀取的位元組數等於檔案大小。數量相符的項目，仍可能缺少來源未寫入、或取得前已遭截斷的紀錄。',
      read: '讀取',
      stored: '已儲存',
      duplicate: '重複',
      rejected: '拒收',
      balance: '核對',
      balanced: '相符',
      unbalanced: '不相符',
      partial: '匯入未完成',
      issues: '問題',
      issue: '{code}：{count}',
      empty: '本案件尚無證據。',
    },
    ja: {
      title: '証拠一覧',
      description: '各証拠のハッシュ値、形式、タイムゾーン、期間と、全レコードの行方。',
      'option.hashes': '名前の横に SHA-256 を載せる（ハッシュ一覧にもあります）',
      'option.conservation': 'レコード数の照合',
      'option.conservation.all': 'すべての証拠',
      'option.conservation.open': '拒否したレコードまたは問題のある証拠',
      'option.conservation.none': '載せない',
      noneOpen: 'すべての証拠を最後まで読み取り、拒否したレコードも問題もありません。',
      id: '項目',
      name: '名前と SHA-256',
      format: '形式と元のタイムゾーン',
      bytes: '読取バイト数',
      size: 'ファイルサイズ',
      duplicatesOnly: '固有の内容なし：全レコードが他の証拠と重複',
      zoneStated: 'タイムゾーンは記録のとおり',
      zoneAssumed: '{zone}（仮定）',
      span: 'イベントの期間（{zone}）',
      items: '項目',
      conservation: 'レコード数の照合',
      conservationNote:
        '黙って失われるものはありません。各証拠について、読み取ったレコード数は保存・重複・拒否の合計に等しく、読み取ったバイト数はファイルサイズに等しくなります。照合が一致していても、記録元が書き込まなかったレコードや、取得前に切り取られたレコードは欠けている可能性があります。',
      read: '読取',
      stored: '保存',
      duplicate: '重複',
      rejected: '拒否',
      balance: '照合',
      balanced: '一致',
      unbalanced: '不一致',
      partial: '取り込み未完了',
      issues: '問題',
      issue: '{code}：{count}',
      empty: 'このケースにはまだ証拠がありません。',
    },
  },
  async build({ ask, case: info, words, time, flag, choice }): Promise<readonly Block[]> {
    const items = await ask('evidence.list', {})
    const table: Block = {
      block: 'table',
      caption: words('items'),
      columns: [
        { header: words('id'), width: 5 },
        { header: flag('hashes') ? words('name') : shared('column.name'), width: 53 },
        { header: words('format'), width: 24 },
        { header: words('span', { zone: info.zone }), width: 18 },
      ],
      rows: items.map((item) => ({
        id: `E${item.id}`,
        cells: [
          [outside(`E${item.id}`, 'strong')],
          flag('hashes')
            ? [outside(item.name), lineBreak, outside(item.sha256, 'mono')]
            : [outside(item.name)],
          [
            { ...keyed(`importer.${item.format}.title`), fallback: item.format },
            lineBreak,
            item.zoneAssumed ? words('zoneAssumed', { zone: item.zone }) : words('zoneStated'),
          ],
          item.firstAt === null
            ? [item.stored === 0 && item.duplicate > 0 ? words('duplicatesOnly') : shared('undated')]
            : [outside(time(item.firstAt, 'minute')), lineBreak, outside(time(item.lastAt, 'minute'))],
        ],
      })),
      empty: words('empty'),
    }
    if (items.length === 0 || choice('conservation') === 'none') return [table]
    const balance = (item: EvidenceRow) =>
      words(isUnfinished(item) ? 'partial' : adds(item) ? 'balanced' : 'unbalanced')
    const told = items.filter((item) => choice('conservation') === 'all' || isOpen(item))
    const conservation: Block = {
      block: 'table',
      caption: words('conservation'),
      columns: [
        { header: words('id'), width: 6 },
        { header: words('read'), width: 9, align: 'right' },
        { header: words('stored'), width: 9, align: 'right' },
        { header: words('duplicate'), width: 11, align: 'right' },
        { header: words('rejected'), width: 10, align: 'right' },
        { header: words('size'), width: 13, align: 'right' },
        { header: words('bytes'), width: 13, align: 'right' },
        { header: words('balance'), width: 11 },
        { header: words('issues'), width: 18 },
      ],
      rows: told.map((item) => ({
        cells: [
          [outside(`E${item.id}`, 'strong')],
          [number(item.read)],
          [number(item.stored)],
          [number(item.duplicate)],
          [number(item.rejected)],
          [number(item.bytes)],
          [number(item.bytesRead)],
          [balance(item)],
          item.issues
            .flatMap((issue) => [
              words('issue', { code: issueWords(issue.code), count: issue.count }),
              lineBreak,
            ])
            .slice(0, -1),
        ],
      })),
      empty: words('noneOpen'),
    }
    return [table, { block: 'paragraph', text: [words('conservationNote')], look: 'note' }, conservation]
  },
} satisfies Section

const isUnfinished = ({ status }: EvidenceRow): boolean =>
  status === 'importing' || status === 'cancelled' || status === 'failed'
const adds = (item: EvidenceRow): boolean =>
  item.read === item.stored + item.duplicate + item.rejected && item.bytesRead === item.bytes
/** Something of it is not in the case, or its numbers do not add up. */
const isOpen = (item: EvidenceRow): boolean =>
  isUnfinished(item) || !adds(item) || item.rejected > 0 || item.issues.length > 0
