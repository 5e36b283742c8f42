import type { Importer } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { firstObjects, readJsonRecords } from './json/json-records.ts'
import { LINE_ISSUE_TEXTS } from './log/issue-texts.ts'
import { readLogLines } from './log/log-lines.ts'
import { beginsAsJson } from './log/named-row.ts'
import { findPath } from './zeek/zeek-paths.ts'
import { readZeekObject, ZeekTsvReader } from './zeek/zeek-reader.ts'
import { ZeekJsonRow } from './zeek/zeek-row.ts'

const SAMPLED_OBJECTS = 20
const isJson = (text: string): boolean => /^[\s\ufeff]*[[{]/.test(text)

/** Zeek (Bro) logs, tab-separated or JSON. */
const importer: Importer = {
  id: 'zeek',
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...LINE_ISSUE_TEXTS.en,
      title: 'Zeek logs',
      description:
        'Logs of the Zeek (formerly Bro) network monitor, tab-separated with their header or as JSON: conn, dns, http, ssl, files, x509, smtp, kerberos, ntlm, smb_mapping, smb_files, dce_rpc, rdp, ssh, ftp, dhcp and notice. Entries of smtp become messages. Logs of several kinds may follow each other in one file.',
      limits:
        'Other logs (weird, software, known_hosts, ...) are kept as plain records with their connection. JSON entries without _path are told apart by their fields, else by the file name. Compressed archives of rotated logs are read by the container importer.',
      'issue.no_fields': 'No #fields line before this line: its columns have no names.',
      'issue.columns': 'This line has more or fewer values than the #fields line has names.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...LINE_ISSUE_TEXTS['zh-TW'],
      title: 'Zeek 記錄檔',
      description:
        'Zeek（原 Bro）網路監控的記錄檔，為帶標頭的 Tab 分隔格式或 JSON：conn、dns、http、ssl、files、x509、smtp、kerberos、ntlm、smb_mapping、smb_files、dce_rpc、rdp、ssh、ftp、dhcp 與 notice。smtp 記錄會成為郵件。同一檔案中可接連出現多種記錄。',
      limits:
        '其他記錄（weird、software、known_hosts 等）保留為含連線資訊的一般紀錄。沒有 _path 的 JSON 記錄依欄位判別，否則依檔名判別。輪替後的壓縮檔由容器處理讀取。',
      'issue.no_fields': '此行之前沒有 #fields 行，欄位沒有名稱。',
      'issue.columns': '此行的值與 #fields 行的名稱數量不符。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...LINE_ISSUE_TEXTS.ja,
      title: 'Zeek ログ',
      description:
        'ネットワーク監視ツール Zeek（旧 Bro）のログ。ヘッダー付きのタブ区切りと JSON に対応し、conn、dns、http、ssl、files、x509、smtp、kerberos、ntlm、smb_mapping、smb_files、dce_rpc、rdp、ssh、ftp、dhcp、notice を読み取ります。smtp はメールとして扱います。1 つのファイルに複数種類のログが続いていても構いません。',
      limits:
        'そのほかのログ（weird、software、known_hosts など）は接続情報付きの一般レコードとして保存します。_path のない JSON は項目から、それでも分からなければファイル名から種類を判定します。ローテーション後の圧縮ファイルはコンテナーとして展開されます。',
      'issue.no_fields': 'この行より前に #fields 行がなく、列名が分かりません。',
      'issue.columns': 'この行の値の数が #fields 行の列名の数と一致しません。',
    },
  },
  detect({ text }) {
    if (!isJson(text)) {
      if (!/^[\s\ufeff]*#/.test(text)) return 0
      return /^#fields\t(?:[^\r\n]*\t)?(?:ts|uid|fuid|id)\t/m.test(text) ||
        (/^#separator /m.test(text) && /^#fields/m.test(text))
        ? 0.95
        : 0
    }
    const rows = firstObjects(text, SAMPLED_OBJECTS).map((object) => new ZeekJsonRow(object))
    const entries = rows.filter(
      (row) =>
        row.text('ts') !== undefined &&
        (row.names.includes('_path') ||
          (findPath(row) !== undefined && (row.text('uid') ?? row.text('fuid')) !== undefined)),
    )
    return entries.length === 0 ? 0 : 0.6 + 0.35 * (entries.length / rows.length)
  },
  async *parse(part, _context, share) {
    if (await beginsAsJson(part))
      yield* readJsonRecords(part.open(), 'zeek', (object) => readZeekObject(object, part.name), share)
    else {
      // What its columns mean stands in lines of its own, anywhere in the file.
      share?.refuse('start')
      const reader = new ZeekTsvReader(part.name)
      yield* readLogLines(part.open(), 'zeek', (line) => reader.read(line))
    }
  },
  sharing: {},
}

export default importer
