import { createHash } from 'node:crypto'
import type { Importer, ParsedRecord, ParsedUnit, RawInPlace, RecordIssue, RecordItem } from './importer.ts'
import { HEADER_BLOCK_BYTES } from './evtx/file-header.ts'
import { renderInPlace } from './evtx/raw-in-place.ts'
import { readEvtx } from './evtx/read-evtx.ts'
import { nextStart } from './evtx/spans.ts'
import { type EvtxUnit, LiveRecord } from './evtx/units.ts'
import { toEvent, toUnnamedEvent } from './windows/to-event.ts'
import { eventKey } from './windows/windows-event.ts'

const FILE_MAGIC = [0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65, 0x00]
const CHUNK_MAGIC = [0x45, 0x6c, 0x66, 0x43, 0x68, 0x6e, 0x6b, 0x00]

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, index) => head[index] === byte)
}

/** A whole record: locator and raw text are made when somebody looks at them, which an import never does. */
class LiveUnit implements ParsedRecord {
  readonly kind = 'record'
  readonly #live: LiveRecord
  readonly key: string | undefined
  readonly items: readonly RecordItem[]
  readonly inPlace: RawInPlace
  constructor(live: LiveRecord) {
    this.#live = live
    this.key = eventKey(live.event)
    this.items = [toEvent(live.event)]
    this.inPlace = live.inPlace
  }
  get locator(): string {
    return this.#live.locator
  }
  get raw(): string {
    return this.#live.raw
  }
  toJSON(): ParsedRecord {
    const { kind, locator, raw, key, items } = this
    return { kind, locator, raw, key, items }
  }
}

function toUnit(unit: EvtxUnit): ParsedUnit {
  if (unit instanceof LiveRecord && unit.event.timeUs !== null) return new LiveUnit(unit)
  if (unit.kind === 'problem') {
    const { locator, excerpt, records } = unit
    return { kind: 'issue', locator, code: `evtx.${unit.what}`, excerpt, records }
  }
  const { locator, raw, event, recovered, patched } = unit
  const issues: RecordIssue[] = []
  if (recovered !== undefined) issues.push({ code: 'evtx.recovered', excerpt: recovered })
  if (patched !== undefined) issues.push({ code: 'evtx.template_damaged', excerpt: patched })
  const hasNames = (recovered ?? patched) !== 'values'
  if (event.timeUs === null) issues.push({ code: 'evtx.time', excerpt: raw.slice(0, 200) })
  return {
    kind: 'record',
    locator,
    raw,
    key: hasNames ? eventKey(event) : valuesKey(event.recordId, event.timeUs, raw),
    items: [hasNames ? toEvent(event) : toUnnamedEvent(event)],
    issues: issues.length === 0 ? undefined : issues,
  }
}

/**
 * Values without names say too little to stand for the event in another rendering; the same values of the same record
 * in another copy of the log (one file in two collections) are the same, though.
 */
function valuesKey(recordId: string, timeUs: number | null, raw: string): string | undefined {
  if (recordId === '' || timeUs === null) return undefined
  return `evtx-values|${recordId}|${timeUs}|${createHash('sha256').update(raw).digest('hex')}`
}

/**
 * A log whose header is lost is known by a chunk, or by a header further on: where the first chunk belongs, 4096 bytes in,
 * or anywhere. Less sure than a magic at the beginning, for any file may hold a log inside.
 */
function withoutHeader(head: Uint8Array): number {
  const start = nextStart(Buffer.from(head.buffer, head.byteOffset, head.byteLength), 1, head.length)
  if (start === undefined) return 0
  return start === HEADER_BLOCK_BYTES ? 0.7 : 0.5
}

/** Windows XML event logs (`.evtx`), Vista and later, also single carved chunks. */
const importer: Importer = {
  id: 'evtx',
  hasOwnEncoding: true,
  texts: {
    en: {
      title: 'Windows event log (EVTX)',
      description:
        'Binary Windows event logs as Windows keeps them: Security, System, Sysmon, PowerShell and all others.',
      limits:
        'Texts of the 8-bit type are read as Windows-1252; which code page the machine used is not in the file. Left-over records are found where a whole record lies; parts of records, and logs of Windows XP and before (.evt), are not read. Times are those of the event, not of being written to the log. Numbers of the form %%NNNN are put into words in the typed fields where they are known; the raw record keeps them. Rendered messages of collectors are kept in the raw record only.',
      'issue.header_damaged':
        'The file header is damaged or missing. Its counts were not used; the chunks were read where they lie.',
      'issue.not_closed':
        'The log was not closed properly, for example because it was copied from a running system.',
      'issue.bytes_damaged':
        'These bytes are no part of a log: they were encrypted or overwritten, or put in. What stood here is lost. Each such stretch counts as one record at least, as one for every 64 KiB, or as many as the numbers of the records around it tell.',
      'issue.chunk_cut':
        'Bytes are missing from this chunk: the next one begins before this one ends. The records lost with them are counted.',
      'issue.chunk_damaged':
        'A chunk has lost its header. Its records were read as far as they can be told apart.',
      'issue.chunk_checksum':
        'The checksum of a chunk is wrong: something in it was changed after it was written.',
      'issue.chunk_budget':
        'The records of this chunk expand beyond any real log. The rest of the chunk was left out.',
      'issue.record_unreadable': 'This record could not be decoded.',
      'issue.records_missing': 'Records are missing here: the space was overwritten or is damaged.',
      'issue.truncated': 'The file ends too early.',
      'issue.recovered':
        'This record was recovered from a place the log no longer counts: it is older than the records around it, for example from before the log was cleared. It was read with the template named here (its own, one of the same file, or none: then only its values are known).',
      'issue.template_damaged':
        'The part of the chunk that names the fields of this record is damaged. It was read with a template of the same id from elsewhere in the file, or only its values are known.',
      'issue.repeated':
        'Left-over copies of records that the file also holds. They were not stored a second time.',
      'issue.time': 'This record has no usable time.',
      'issue.unused_space': 'The file holds blocks without records, reserved for the log and never used.',
    },
    'zh-TW': {
      title: 'Windows 事件記錄檔（EVTX）',
      description: 'Windows 原生的二進位事件記錄檔：安全性、系統、Sysmon、PowerShell 及其他所有記錄。',
      limits:
        '8 位元型別的文字以 Windows-1252 讀取，檔案中並未記載該電腦的字碼頁。僅復原仍完整存在的殘留紀錄；不讀取片段紀錄，亦不讀取 Windows XP 以前的記錄檔（.evt）。時間為事件本身的時間，而非寫入記錄檔的時間。形如 %%NNNN 的代號，已知者在欄位中轉為文字，原始紀錄保留原樣。收集程式轉譯的訊息僅保留在原始紀錄中。',
      'issue.header_damaged': '檔案標頭已損毀或遺失。未採用其中的計數，改依實際位置讀取各區塊。',
      'issue.not_closed': '此記錄檔未正常關閉，例如是從執行中的系統複製而來。',
      'issue.bytes_damaged':
        '此處的位元組不屬於記錄檔：可能遭加密或覆寫，或為插入的內容。原有內容已遺失。每段至少計為一筆紀錄，每 64 KiB 至少計一筆；若前後紀錄的編號顯示更多，則依其數計算。',
      'issue.chunk_cut': '此區塊缺少部分位元組：下一個區塊在其結束之前即已開始。隨之遺失的紀錄已計入。',
      'issue.chunk_damaged': '有一個區塊失去標頭，已盡可能辨識並讀取其中的紀錄。',
      'issue.chunk_checksum': '區塊的總和檢查碼不符：內容在寫入後曾遭變更。',
      'issue.chunk_budget': '此區塊的紀錄展開後遠超過任何真實記錄檔，其餘部分已略過。',
      'issue.record_unreadable': '無法解碼這筆紀錄。',
      'issue.records_missing': '此處缺少紀錄：空間已被覆寫或損毀。',
      'issue.truncated': '檔案提早結束。',
      'issue.recovered':
        '此紀錄復原自記錄檔已不計入的位置：它比周圍的紀錄更早，例如在記錄檔遭清除之前。讀取時採用此處所列的範本（自身、同一檔案中的範本，或無範本，此時僅知其值）。',
      'issue.template_damaged':
        '區塊中載明此紀錄欄位名稱的部分已損毀。改以檔案中其他位置識別碼相同的範本讀取，或僅知其值。',
      'issue.repeated': '檔案中已有的紀錄所殘留的副本，未重複儲存。',
      'issue.time': '這筆紀錄沒有可用的時間。',
      'issue.unused_space': '檔案含有沒有紀錄的區塊，屬於預留但從未使用的空間。',
    },
    ja: {
      title: 'Windows イベントログ（EVTX）',
      description:
        'Windows が保存するバイナリ形式のイベントログ。セキュリティ、システム、Sysmon、PowerShell などすべてに対応します。',
      limits:
        '8 ビット型の文字列は Windows-1252 として読み取ります。そのコンピューターのコードページはファイルに記録されていません。残存レコードは全体が残っている場合だけ復元し、断片や Windows XP 以前のログ（.evt）は読み取りません。時刻はイベント自体のもので、ログに書き込まれた時刻ではありません。%%NNNN 形式の番号は、分かるものをフィールドでは言葉に直し、生レコードではそのまま残します。収集ソフトが付けた表示用メッセージは生レコードにのみ残ります。',
      'issue.header_damaged':
        'ファイルヘッダーが破損しているか、失われています。件数は使わず、実際の位置でチャンクを読み取りました。',
      'issue.not_closed':
        'ログが正しく閉じられていません。稼働中のシステムからコピーされた場合などに起こります。',
      'issue.bytes_damaged':
        'ここのバイト列はログの一部ではありません。暗号化または上書きされたか、挿入されたものです。元の内容は失われています。1 か所につき少なくとも 1 件、64 KiB ごとに少なくとも 1 件、前後のレコードの番号からさらに多いと分かる場合はその件数として数えます。',
      'issue.chunk_cut':
        'このチャンクにはバイトの欠落があり、終わる前に次のチャンクが始まっています。失われたレコードは件数に含まれます。',
      'issue.chunk_damaged': 'チャンクのヘッダーが失われています。判別できる範囲でレコードを読み取りました。',
      'issue.chunk_checksum': 'チャンクのチェックサムが一致しません。書き込み後に内容が変更されています。',
      'issue.chunk_budget':
        'このチャンクのレコードは実際のログではありえない大きさに展開されるため、残りを読み飛ばしました。',
      'issue.record_unreadable': 'このレコードはデコードできませんでした。',
      'issue.records_missing': 'ここにあるはずのレコードがありません。上書きまたは破損しています。',
      'issue.truncated': 'ファイルが途中で終わっています。',
      'issue.recovered':
        'このレコードは、ログがすでに数えていない場所から復元されました。ログが消去される前など、周囲のレコードより古いものです。ここに示すテンプレート（自身のもの、同じファイルの別のもの、またはなし。なしの場合は値だけが分かります）で読み取りました。',
      'issue.template_damaged':
        'このレコードのフィールド名を示す部分が破損しています。ファイル内の別の場所にある同じ ID のテンプレートで読み取ったか、値だけが分かります。',
      'issue.repeated': 'ファイルにあるレコードの残存コピーです。二重には保存していません。',
      'issue.time': 'このレコードには使える時刻がありません。',
      'issue.unused_space': 'ログ用に確保されたまま使われていない、レコードのないブロックがあります。',
    },
  },
  detect({ head }) {
    if (startsWith(head, FILE_MAGIC)) return 0.99
    return startsWith(head, CHUNK_MAGIC) ? 0.8 : withoutHeader(head)
  },
  async *parse(part) {
    for await (const units of readEvtx(part.open())) yield units.map(toUnit)
  },
  renderInPlace,
}
export default importer
