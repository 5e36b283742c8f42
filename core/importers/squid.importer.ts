import type { Importer } from './importer.ts'
import { LINE_ISSUE_TEXTS } from './log/issue-texts.ts'
import { readLogLines } from './log/log-lines.ts'
import { readSquidLine } from './proxy/squid-line.ts'

const SAMPLED_LINES = 20

/** Squid's access.log: the native format, and the common and combined emulations. */
const importer: Importer = {
  id: 'squid',
  texts: {
    en: {
      ...LINE_ISSUE_TEXTS.en,
      title: 'Squid access log',
      description:
        'access.log of the Squid proxy: native format, and the common and combined formats that Squid writes instead. One HTTP request per line; tunnels (CONNECT) with host and port.',
      limits:
        'Logs with an own logformat are read when their first ten columns are those of the native format; further columns stay in the raw text. The lines carry no identity, so overlapping copies of a log are not recognised as the same.',
    },
    'zh-TW': {
      ...LINE_ISSUE_TEXTS['zh-TW'],
      title: 'Squid 存取記錄',
      description:
        'Squid 代理伺服器的 access.log：原生格式，以及 Squid 改寫的 common 與 combined 格式。每行一個 HTTP 要求；通道（CONNECT）含主機與連接埠。',
      limits:
        '自訂 logformat 的記錄檔，前十欄須與原生格式相同才能讀取，其餘欄位保留在原始文字中。各行沒有識別碼，因此重疊的記錄檔副本無法辨識為同一筆。',
    },
    ja: {
      ...LINE_ISSUE_TEXTS.ja,
      title: 'Squid アクセスログ',
      description:
        'Squid プロキシの access.log。ネイティブ形式と、代わりに出力される common・combined 形式に対応。1 行が 1 件の HTTP 要求で、トンネル（CONNECT）はホストとポートを読み取ります。',
      limits:
        '独自の logformat は、先頭の 10 列がネイティブ形式と同じ場合に読み取り、それ以降の列は元のテキストにのみ残ります。行に識別子がないため、重複するログのコピーを同一とは判定できません。',
    },
  },
  detect({ text }) {
    const lines = text.split('\n', SAMPLED_LINES + 1).filter((line) => line.trim() !== '')
    // the last of the sampled lines may be cut
    const whole = lines.length > 1 ? lines.slice(0, SAMPLED_LINES) : lines
    const read = whole.filter((line) => readSquidLine(line.trimEnd(), 'UTC').what === 'record').length
    return read === 0 ? 0 : read / whole.length < 0.3 ? 0 : 0.6 + 0.35 * (read / whole.length)
  },
  async *parse(part, { zone }) {
    yield* readLogLines(part.open(), 'squid', (line) => readSquidLine(line, zone))
  },
}
export default importer
