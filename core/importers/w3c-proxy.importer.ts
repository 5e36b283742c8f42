import type { Importer } from './importer.ts'
import { LINE_ISSUE_TEXTS } from './log/issue-texts.ts'
import { readLogLines } from './log/log-lines.ts'
import { W3cColumns } from './proxy/w3c-columns.ts'
import { W3cReader } from './proxy/w3c-reader.ts'

const FIELD =
  /^(?:c|s|r|cs|sc|sr|rs|x|cs\(|rs\(|sc\()[-(a-z]|^(?:date|time|src-ip|dst-ip|action|protocol|source|destination|rule)$/

/** Logs in the W3C extended format: Blue Coat / ProxySG, IIS, TMG and ISA, Windows Firewall. */
const importer: Importer = {
  id: 'w3c-proxy',
  texts: {
    en: {
      ...LINE_ISSUE_TEXTS.en,
      title: 'W3C extended log (proxies, IIS, firewall)',
      description:
        'Logs whose columns are named by a #Fields line: Blue Coat and Symantec ProxySG, Forefront TMG and ISA (web proxy and firewall), IIS, and the Windows Firewall log. The column names may change in the middle of the file.',
      limits:
        'Times are UTC as the format demands; only a log that says it writes local time (Windows Firewall) takes the zone of the import. IIS does not log whether TLS was used: its URLs are https when the port is 443. Values with blanks that are not in quotation marks shift the columns of that line.',
      'issue.no_fields': 'No #Fields line before this line: its columns have no names.',
      'issue.columns': 'This line has more or fewer values than the #Fields line has names.',
    },
    'zh-TW': {
      ...LINE_ISSUE_TEXTS['zh-TW'],
      title: 'W3C 延伸記錄檔（代理伺服器、IIS、防火牆）',
      description:
        '以 #Fields 行命名欄位的記錄檔：Blue Coat 與 Symantec ProxySG、Forefront TMG 與 ISA（Web 代理伺服器與防火牆）、IIS，以及 Windows 防火牆記錄。欄位名稱可在檔案中途改變。',
      limits:
        '時間依格式規定為 UTC；只有自稱寫入當地時間的記錄檔（Windows 防火牆）採用匯入時選擇的時區。IIS 不記錄是否使用 TLS，連接埠為 443 時視為 https。未加引號而含空白的值會使該行欄位錯位。',
      'issue.no_fields': '此行之前沒有 #Fields 行，欄位沒有名稱。',
      'issue.columns': '此行的值與 #Fields 行的名稱數量不符。',
    },
    ja: {
      ...LINE_ISSUE_TEXTS.ja,
      title: 'W3C 拡張ログ（プロキシ、IIS、ファイアウォール）',
      description:
        '#Fields 行で列名を示すログ。Blue Coat / Symantec ProxySG、Forefront TMG / ISA（Web プロキシとファイアウォール）、IIS、Windows ファイアウォールのログに対応。列名はファイルの途中で変わっても構いません。',
      limits:
        '時刻は形式の定めどおり UTC です。現地時刻で書くと明記したログ（Windows ファイアウォール）だけに、取り込み時のタイムゾーンを使います。IIS は TLS の使用を記録しないため、ポート 443 のときだけ https とします。引用符のない空白を含む値は、その行の列をずらします。',
      'issue.no_fields': 'この行より前に #Fields 行がなく、列名が分かりません。',
      'issue.columns': 'この行の値の数が #Fields 行の列名の数と一致しません。',
    },
  },
  detect({ text }) {
    if (!/^[\s\ufeff]*#/.test(text)) return 0
    const line = /^\ufeff?#Fields:[^\r\n]*/im.exec(text)?.[0]
    if (line === undefined || line.slice(8).includes(',')) return 0
    const { names } = new W3cColumns(line.replace(/^\ufeff/, ''))
    const known = names.filter((name) => FIELD.test(name)).length
    return known < 3 ? 0 : 0.6 + 0.35 * (known / names.length)
  },
  async *parse(part, { zone }) {
    const reader = new W3cReader(zone)
    yield* readLogLines(part.open(), 'w3c-proxy', (line) => reader.read(line))
  },
}
export default importer
