import type { Importer, ParsedUnit } from './importer.ts'
import { type EvtxUnit, readEvtx } from './evtx/read-evtx.ts'
import { toEvent } from './windows/to-event.ts'
import { eventKey } from './windows/windows-event.ts'

const FILE_MAGIC = [0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65, 0x00]
const CHUNK_MAGIC = [0x45, 0x6c, 0x66, 0x43, 0x68, 0x6e, 0x6b, 0x00]

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, index) => head[index] === byte)
}

function toUnit(unit: EvtxUnit): ParsedUnit {
  if (unit.kind === 'problem') {
    const { locator, excerpt, records } = unit
    return { kind: 'issue', locator, code: `evtx.${unit.what}`, excerpt, records }
  }
  return {
    kind: 'record',
    locator: unit.locator,
    raw: unit.raw,
    key: eventKey(unit.event),
    items: [toEvent(unit.event)],
  }
}

/** Windows XML event logs (`.evtx`), Vista and later, also single carved chunks. */
const importer: Importer = {
  id: 'evtx',
  texts: {
    en: {
      title: 'Windows event log (EVTX)',
      description:
        'Binary Windows event logs as Windows keeps them: Security, System, Sysmon, PowerShell and all others.',
      'issue.header_damaged':
        'The file header is damaged. Its counts were not used; the chunks were read by position.',
      'issue.not_closed':
        'The log was not closed properly, for example because it was copied from a running system.',
      'issue.chunk_damaged':
        'A chunk has lost its header. Its records were read as far as they can be told apart.',
      'issue.chunk_checksum':
        'The checksum of a chunk is wrong: something in it was changed after it was written.',
      'issue.chunk_budget':
        'The records of this chunk expand beyond any real log. The rest of the chunk was left out.',
      'issue.record_unreadable': 'This record could not be decoded.',
      'issue.records_missing': 'Records are missing here: the space was overwritten or is damaged.',
      'issue.truncated': 'The file ends too early.',
      'issue.unused_space': 'The file holds blocks without records, reserved for the log and never used.',
    },
    'zh-TW': {
      title: 'Windows 事件記錄檔（EVTX）',
      description: 'Windows 原生的二進位事件記錄檔：安全性、系統、Sysmon、PowerShell 及其他所有記錄。',
      'issue.header_damaged': '檔案標頭已損毀。未採用其中的計數，改依位置讀取各區塊。',
      'issue.not_closed': '此記錄檔未正常關閉，例如是從執行中的系統複製而來。',
      'issue.chunk_damaged': '有一個區塊失去標頭，已盡可能辨識並讀取其中的記錄。',
      'issue.chunk_checksum': '區塊的總和檢查碼不符：內容在寫入後曾遭變更。',
      'issue.chunk_budget': '此區塊的記錄展開後遠超過任何真實記錄檔，其餘部分已略過。',
      'issue.record_unreadable': '無法解碼這筆記錄。',
      'issue.records_missing': '此處缺少記錄：空間已被覆寫或損毀。',
      'issue.truncated': '檔案提早結束。',
      'issue.unused_space': '檔案含有沒有記錄的區塊，屬於預留但從未使用的空間。',
    },
    ja: {
      title: 'Windows イベントログ（EVTX）',
      description:
        'Windows が保存するバイナリ形式のイベントログ。セキュリティ、システム、Sysmon、PowerShell などすべてに対応します。',
      'issue.header_damaged':
        'ファイルヘッダーが破損しています。件数は使わず、位置をもとにチャンクを読み取りました。',
      'issue.not_closed':
        'ログが正しく閉じられていません。稼働中のシステムからコピーされた場合などに起こります。',
      'issue.chunk_damaged': 'チャンクのヘッダーが失われています。判別できる範囲でレコードを読み取りました。',
      'issue.chunk_checksum': 'チャンクのチェックサムが一致しません。書き込み後に内容が変更されています。',
      'issue.chunk_budget':
        'このチャンクのレコードは実際のログではありえない大きさに展開されるため、残りを読み飛ばしました。',
      'issue.record_unreadable': 'このレコードは復号できませんでした。',
      'issue.records_missing': 'ここにあるはずのレコードがありません。上書きまたは破損しています。',
      'issue.truncated': 'ファイルが途中で終わっています。',
      'issue.unused_space': 'ログ用に確保されたまま使われていない、レコードのないブロックがあります。',
    },
  },
  detect({ head }) {
    if (startsWith(head, FILE_MAGIC)) return 0.99
    return startsWith(head, CHUNK_MAGIC) ? 0.8 : 0
  },
  async *parse(part) {
    for await (const units of readEvtx(part.open(), true)) yield units.map(toUnit)
  },
}
export default importer
