import { CSV_ISSUE_TEXTS, type CsvHeader, CsvRow, readCsvRecords, sniffCsv } from './csv/csv-records.ts'
import { settleDates } from './csv/settle-dates.ts'
import { EcsDocument } from './ecs/document.ts'
import { bulkAction, ECS_ENVELOPE, likeness } from './ecs/recognise.ts'
import { toEcsEvent } from './ecs/to-event.ts'
import { firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import { isJsonPart } from './endpoint/first-character.ts'
import { RECORD_ISSUE_TEXTS } from './endpoint/issue-texts.ts'
import { rowObjects } from './endpoint/row-object.ts'
import type { Importer, ParsedUnit, RecordItem } from './importer.ts'
import type { JsonMeaning } from './json/json-records.ts'
import { isObject, type JsonObject, member, scalarText } from './json/parse-object.ts'
import { fromJson } from './windows/json-dialects.ts'
import { toMeaning } from './windows/render-item.ts'

const ID = 'ecs'
const SAMPLED = 8
/** Documents of the Elastic Common Schema: Elastic Endpoint, Auditbeat, Packetbeat, Filebeat, detection alerts. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...CSV_ISSUE_TEXTS.en,
      ...RECORD_ISSUE_TEXTS.en,
      title: 'Elastic Common Schema (Elastic Endpoint, Beats, Elastic Agent)',
      description:
        'Documents of the Elastic Common Schema as JSON: one per line, in an array, Kibana and elasticdump exports with _source, search responses and the bulk format; nested or dotted names; CSV exports of Kibana. Elastic Endpoint, Auditbeat, Packetbeat, Filebeat modules and integrations, detection alerts.',
      limits:
        'Fields of a module outside the schema are kept in the raw record only. Windows events (winlog) are read by the importer for Windows events as JSON; where they stand among other documents they are read here in the same way.',
    },
    'zh-TW': {
      ...CSV_ISSUE_TEXTS['zh-TW'],
      ...RECORD_ISSUE_TEXTS['zh-TW'],
      title: 'Elastic Common Schema（Elastic Endpoint、Beats、Elastic Agent）',
      description:
        '符合 Elastic Common Schema 的 JSON 文件：每行一筆、陣列、含 _source 的 Kibana 與 elasticdump 匯出、搜尋回應及 bulk 格式；巢狀或以點分隔的欄位名稱皆可；亦支援 Kibana 的 CSV 匯出。涵蓋 Elastic Endpoint、Auditbeat、Packetbeat、Filebeat 模組與整合，以及偵測警示。',
      limits:
        '不屬於此結構描述的模組欄位僅保留於原始紀錄。Windows 事件（winlog）由 JSON 格式的 Windows 事件匯入器讀取；若夾雜在其他文件之中，則在此以相同方式讀取。',
    },
    ja: {
      ...CSV_ISSUE_TEXTS.ja,
      ...RECORD_ISSUE_TEXTS.ja,
      title: 'Elastic Common Schema（Elastic Endpoint、Beats、Elastic Agent）',
      description:
        'Elastic Common Schema の JSON ドキュメント。1 行 1 件、配列、_source を含む Kibana や elasticdump の出力、検索の応答、bulk 形式に対応し、項目名は入れ子でもドット区切りでもかまいません。Kibana の CSV 出力も読み取れます。Elastic Endpoint、Auditbeat、Packetbeat、Filebeat のモジュールと統合、検出アラートを読み取ります。',
      limits:
        'スキーマにないモジュール独自の項目は生レコードにのみ残ります。Windows イベント（winlog）は JSON 形式の Windows イベントとして読み取ります。ほかのドキュメントに混ざっている場合は、ここで同じように読み取ります。',
    },
  },
  detect({ text }) {
    const documents = sampled(text)
    if (documents.some((object) => new EcsDocument(object).isWindowsEvent)) return 0
    const scores = documents.map(likeness)
    if (scores.length > 0) return scores.reduce((sum, score) => sum + score, 0) / scores.length
    // The first document is longer than the sample: its names must do.
    return /^\s*[[{]/.test(text) &&
      /"@timestamp"\s*:/.test(text) &&
      /"ecs(?:\.version)?"\s*:/.test(text) &&
      !/"winlog"\s*:/.test(text)
      ? 0.7
      : 0
  },
  settle: async (part, context) =>
    (await isJsonPart(part)) ? context : settleDates(part, context, ['@timestamp']),
  async *parse(part, context, share) {
    /** Stands for a line that only announces the next document. */
    const announcement: readonly RecordItem[] = []
    let announced: JsonObject | undefined
    const meanDocument = (object: JsonObject): JsonMeaning => {
      const document = new EcsDocument(object)
      const windows = document.isWindowsEvent ? fromJson(object, context) : undefined
      if (windows !== undefined) {
        const { items, key } = toMeaning(windows)
        return { items, key }
      }
      const { event, key, issues } = toEcsEvent(document, ID, context)
      return { items: [event], key, issues }
    }
    if (!(await isJsonPart(part))) {
      const meanTable = (header: CsvHeader) => {
        const toObject = rowObjects(header, isListColumn)
        return (row: CsvRow) => meanDocument(toObject(row))
      }
      yield* readCsvRecords(part.open(), ID, meanTable, { share })
      return
    }
    const mean = (object: JsonObject): JsonMeaning => {
      const action = bulkAction(object)
      if (action !== undefined) {
        // The document stands in the next line, which may be somebody else's.
        share?.refuse('here')
        announced = action
        return { items: announcement }
      }
      const named = announced === undefined ? object : withId(object, announced)
      announced = undefined
      return meanDocument(named)
    }
    for await (const batch of readEnvelopedRecords(part.open(), ID, ECS_ENVELOPE, mean, share)) {
      yield batch.filter((unit: ParsedUnit) => unit.kind !== 'record' || unit.items !== announcement)
    }
  },
  sharing: {},
}

/** Fields of the schema that are lists; a table joins their values. */
const LISTS =
  /^(?:event\.(?:category|type)|host\.ip|tags|process(?:\.parent)?\.args|dns\.(?:resolved_ip|answers\.data)|email\.(?:from|to|cc|bcc)\.address|registry\.data\.strings|threat\.technique(?:\.subtechnique)?\.id)$/i
const isListColumn = (name: string): boolean => LISTS.test(name)

function sampled(text: string): readonly JsonObject[] {
  if (/^\s*[[{]/.test(text))
    return firstRecords(text, ECS_ENVELOPE, SAMPLED).filter((object) => bulkAction(object) === undefined)
  const sample = sniffCsv(text)
  if (sample === undefined || !sample.header.has('@timestamp')) return []
  const toObject = rowObjects(sample.header, isListColumn)
  return sample.rows.slice(0, SAMPLED).map((cells) => toObject(new CsvRow(cells)))
}

/** The document as a search would answer it, with the index and id of the line above. */
function withId(source: JsonObject, action: JsonObject): JsonObject {
  const doc = member(source, 'doc')
  return {
    _index: scalarText(member(action, '_index')),
    _id: scalarText(member(action, '_id')),
    _source: isObject(doc) && Object.keys(source).length === 1 ? doc : source,
  }
}
export default importer
