import type { Texts } from '../../model/text.ts'
import { CSV_ISSUE_TEXTS } from '../csv/issue-texts.ts'
import { JSON_ISSUE_TEXTS } from '../json/issue-texts.ts'

export const DEFENDER_TEXTS = {
  en: {
    ...CSV_ISSUE_TEXTS.en,
    ...JSON_ISSUE_TEXTS.en,
    title: 'Microsoft Defender XDR, Entra and Sentinel tables',
    description:
      'Rows of advanced hunting: all Device*, Identity*, Alert*, Behavior*, Email* and UrlClickEvents tables, CloudAppEvents, sign-ins (AADSignInEventsBeta, EntraIdSignInEvents, SigninLogs), AuditLogs, OfficeActivity and SecurityAlert of Sentinel; vulnerability and exposure tables as inventory. Read from CSV of the portals, answers of the hunting APIs (Results, Graph), files of the streaming API, and Log Analytics answers; also several tables mixed in one file.',
    limits:
      'A table is told by its name where the file has one, else by ActionType and column names; a query that keeps few columns may leave a row without a known table, which is kept as a plain record. A process is identified by device, PID and start second, because Defender has no process GUID. EmailUrlInfo and EmailAttachmentInfo rows become messages of their own that share the NetworkMessageId of their message. When a message was exported several times with changing verdicts, every version is kept. Times without a zone in CSV are read in the zone of the import. Columns that no field exists for stand in the raw record only.',
    'issue.time':
      'This row has no time, or one that cannot be read or is impossible. The row is kept without a time.',
    'issue.unknown_table':
      'No table of the hunting schema has this name or these columns. Such rows are kept as plain records. (Said once per name.)',
    'issue.too_many_items':
      'This record names more messages than the limit; the others were not made into events.',
    'issue.row_limit':
      'The file holds exactly as many rows as an export may at most: there were probably more that it does not contain.',
    'issue.columns_missing': 'The names of the columns do not stand before this row, so it cannot be read.',
    'issue.too_large': 'One record is larger than the limit and was not read.',
  },
  'zh-TW': {
    ...CSV_ISSUE_TEXTS['zh-TW'],
    ...JSON_ISSUE_TEXTS['zh-TW'],
    title: 'Microsoft Defender XDR、Entra 與 Sentinel 資料表',
    description:
      '進階搜捕的資料列：所有 Device*、Identity*、Alert*、Behavior*、Email* 與 UrlClickEvents 資料表、CloudAppEvents、登入記錄（AADSignInEventsBeta、EntraIdSignInEvents、SigninLogs）、AuditLogs、OfficeActivity 與 Sentinel 的 SecurityAlert；弱點與曝險資料表則作為資產清單。可讀取入口網站的 CSV、搜捕 API 的回應（Results、Graph）、串流 API 的檔案與 Log Analytics 的回應，也可讀取混合多個資料表的檔案。',
    limits:
      '檔案載明資料表名稱時以名稱判定，否則依 ActionType 與欄位名稱判定；若查詢只保留少數欄位，可能無法判定資料表，該列會保留為一般紀錄。Defender 沒有處理程序 GUID，因此以裝置、PID 與啟動的秒數識別處理程序。EmailUrlInfo 與 EmailAttachmentInfo 的資料列會成為獨立的郵件，與所屬郵件共用 NetworkMessageId。同一封郵件若因判定改變而匯出多次，會保留每個版本。CSV 中不含時區的時間依匯入所選時區解讀。沒有對應欄位的內容只保留在原始紀錄中。',
    'issue.time': '這一列沒有時間，或時間無法讀取、不可能存在。該列保留，但不帶時間。',
    'issue.unknown_table':
      '進階搜捕的結構描述中沒有這個名稱或這組欄位的資料表。這類資料列會保留為一般紀錄。（每個名稱只提示一次。）',
    'issue.too_many_items': '這筆紀錄列出的郵件超過上限，其餘未建立事件。',
    'issue.row_limit': '檔案的列數恰好等於匯出上限，原本可能還有更多未包含在內的資料列。',
    'issue.columns_missing': '這一列之前沒有欄位名稱，因此無法讀取。',
    'issue.too_large': '有一筆紀錄超過大小上限，未讀取。',
  },
  ja: {
    ...CSV_ISSUE_TEXTS.ja,
    ...JSON_ISSUE_TEXTS.ja,
    title: 'Microsoft Defender XDR・Entra・Sentinel のテーブル',
    description:
      '高度なハンティングの行。すべての Device*、Identity*、Alert*、Behavior*、Email*、UrlClickEvents テーブル、CloudAppEvents、サインイン（AADSignInEventsBeta、EntraIdSignInEvents、SigninLogs）、AuditLogs、OfficeActivity、Sentinel の SecurityAlert を読み取り、脆弱性と露出のテーブルは資産情報として扱います。ポータルの CSV、ハンティング API の応答（Results、Graph）、ストリーミング API のファイル、Log Analytics の応答に対応し、複数のテーブルが混在するファイルも読み取れます。',
    limits:
      'ファイルにテーブル名があればその名前で、なければ ActionType と列名で判定します。列を絞ったクエリではテーブルを判定できないことがあり、その行は一般のレコードとして残します。Defender にはプロセスの GUID がないため、デバイス・PID・開始時刻（秒）でプロセスを識別します。EmailUrlInfo と EmailAttachmentInfo の行は、元のメールと同じ NetworkMessageId を持つ別のメールになります。判定が変わるたびに出力されたメールは、すべての版を残します。CSV のタイムゾーンのない日時は、取り込み時に選んだタイムゾーンで読み取ります。対応する項目のない列は生レコードにだけ残ります。',
    'issue.time': 'この行には日時がないか、読み取れない、またはありえない値です。日時なしで保存しました。',
    'issue.unknown_table':
      'この名前または列を持つテーブルはハンティングのスキーマにありません。該当する行は一般のレコードとして残します。（名前ごとに一度だけ示します。）',
    'issue.too_many_items':
      'このレコードが示すメールの数が上限を超えているため、残りはイベントにしていません。',
    'issue.row_limit':
      '行数がエクスポートの上限とちょうど同じです。含まれていない行があった可能性があります。',
    'issue.columns_missing': 'この行より前に列名がないため、読み取れません。',
    'issue.too_large': '1 件のレコードがサイズの上限を超えているため、読み取っていません。',
  },
} as const satisfies Texts
