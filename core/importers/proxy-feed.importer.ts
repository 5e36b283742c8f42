import { CSV_ISSUE_TEXTS } from './csv/csv-records.ts'
import type { ImportContext, Importer, ParsedUnit, PartSource } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { LINE_ISSUE_TEXTS } from './log/issue-texts.ts'
import { readLogLines } from './log/log-lines.ts'
import { foldName, JsonNamedRow, readHead, readNamedRows, sampleNames } from './log/named-row.ts'
import { settleRows } from './log/settle-rows.ts'
import { FEED_TIMES, feedShape, openEnvelope, parsePairs, readFeedRow } from './proxy/feed-row.ts'

const ID = 'proxy-feed'
const NO_ARRAYS: ReadonlySet<string> = new Set()
const SAMPLED_LINES = 20
/** A share of lines with another form, such as lines of the collector. */
const MOST = 0.5

/** Feeds of cloud proxies (Zscaler NSS): web, firewall and DNS records as JSON, tables, or tab-separated pairs. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...LINE_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Cloud proxy feed (Zscaler)',
      description:
        'Records of the Zscaler NSS and cloud feeds: web, firewall and DNS as JSON lines (with or without a collector envelope), as tab-separated name=value pairs, and as CSV or TSV with column names. Web requests become HTTP requests, with a detection beside them when a threat is named.',
      limits:
        'Feeds without column names need a mapping, because every feed may have its own columns. Records do not name the zone their time was written in: the zone of the import is used, except for an epoch column.',
      'issue.not_an_entry': 'This record has neither URL nor addresses of a proxy feed.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...LINE_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: '雲端代理伺服器記錄（Zscaler）',
      description:
        'Zscaler NSS 與雲端輸出的紀錄：網頁、防火牆與 DNS，格式為 JSON 行（含或不含收集器外層）、Tab 分隔的 name=value，或含欄名的 CSV、TSV。網頁要求成為 HTTP 要求，載明威脅時另附偵測事件。',
      limits:
        '沒有欄名的輸出需要欄位對應，因為每個輸出的欄位都可自訂。紀錄未載明時間所用的時區，除 epoch 欄位外採用匯入時選擇的時區。',
      'issue.not_an_entry': '這筆紀錄沒有代理伺服器記錄的網址或位址。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...LINE_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'クラウドプロキシのフィード（Zscaler）',
      description:
        'Zscaler の NSS とクラウドフィードの記録。Web、ファイアウォール、DNS を、JSON Lines（収集ソフトの外枠の有無を問わない）、タブ区切りの name=value、列名付きの CSV・TSV から読み取ります。Web の要求は HTTP 要求になり、脅威名があれば検出のイベントも作ります。',
      limits:
        '列名のないフィードは、列を自由に設定できるためマッピングが必要です。記録は時刻のタイムゾーンを示さないため、epoch の列を除き、取り込み時のタイムゾーンを使います。',
      'issue.not_an_entry': 'このレコードにはプロキシのフィードの URL もアドレスもありません。',
    },
  },
  detect({ text }) {
    if (isPairs(text)) return firstPairs(text).some((row) => feedShape(namesOf(row)) !== undefined) ? 0.9 : 0
    const { names, rows, isTable } = sampleNames(text, NO_ARRAYS)
    if (isTable) return names[0] !== undefined && feedShape(names[0]) !== undefined ? 0.8 : 0
    const known = rows.filter((row) => {
      const event = openEnvelope(row)
      return (
        /^zscalernss/i.test(row.text('sourcetype') ?? '') ||
        (event instanceof JsonNamedRow && feedShape(namesOf(event)) !== undefined)
      )
    }).length
    return known === 0 ? 0 : 0.85 * (known / rows.length)
  },
  async settle(part, context) {
    return (await hasPairs(part)) ? context : settleRows(part, context, FEED_TIMES)
  },
  async *parse(part, context) {
    if (await hasPairs(part)) yield* readPairLines(part, context)
    else
      yield* readNamedRows(part, ID, (row) => readFeedRow(row, context.zone, context.dateOrder), {
        arrays: NO_ARRAYS,
      })
  },
}

const firstPairs = (text: string): JsonNamedRow[] =>
  text.split(/\r?\n/, SAMPLED_LINES).flatMap((line) => parsePairs(line) ?? [])

const namesOf = (row: JsonNamedRow): ReadonlySet<string> => new Set(row.names.map(foldName))

function readPairLines(
  part: PartSource,
  { zone, dateOrder }: ImportContext,
): AsyncGenerator<readonly ParsedUnit[]> {
  return readLogLines(part.open(), ID, (line) => {
    const row = parsePairs(line)
    if (row === undefined) return { what: 'issue', code: 'line' }
    const { items, key, issues = [] } = readFeedRow(row, zone, dateOrder)
    return { what: 'record', items, key, remarks: issues.map(({ code }) => code.slice(ID.length + 1)) }
  })
}

/** Whether the lines are pairs rather than a table or JSON. */
const hasPairs = async (part: PartSource): Promise<boolean> => isPairs(await readHead(part))

function isPairs(text: string): boolean {
  const lines = text.split(/\r?\n/, SAMPLED_LINES).filter((line) => line.trim() !== '')
  const pairs = lines.filter((line) => parsePairs(line) !== undefined)
  return pairs.length > lines.length * MOST
}
export default importer
