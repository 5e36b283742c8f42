import { EcsDocument } from './ecs/document.ts'
import { toEcsEvent } from './ecs/to-event.ts'
import { type Envelope, firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import { RECORD_ISSUE_TEXTS } from './endpoint/issue-texts.ts'
import type { Importer, ParsedUnit, RecordItem } from './importer.ts'
import type { JsonMeaning } from './json/json-records.ts'
import { isObject, type JsonObject, member, scalarText } from './json/parse-object.ts'
import { fromJson } from './windows/json-dialects.ts'
import { toMeaning } from './windows/render-item.ts'

const ID = 'ecs'
const SAMPLED = 8
const BULK_ACTIONS: ReadonlySet<string> = new Set(['index', 'create', 'update', 'delete'])

/** The line above a document in the bulk format of Elasticsearch: `{"index":{"_index":"x","_id":"y"}}`. */
function bulkAction(object: JsonObject): JsonObject | undefined {
  const [name, ...others] = Object.keys(object)
  if (name === undefined || others.length > 0 || !BULK_ACTIONS.has(name)) return undefined
  const action = member(object, name)
  return isObject(action) &&
    Object.keys(action).every((key) => key.startsWith('_') || key === 'require_alias')
    ? action
    : undefined
}

const KINDS: ReadonlySet<string> = new Set([
  'alert',
  'asset',
  'enrichment',
  'event',
  'metric',
  'state',
  'pipeline_error',
  'signal',
])

/** 0 for what is no ECS, and for Windows events of Winlogbeat, which their own importer reads. */
function likeness(object: JsonObject): number {
  const document = new EcsDocument(object)
  if (!document.has('@timestamp') || document.has('winlog')) return 0
  if (document.text('ecs.version') !== undefined) return 0.92
  const kind = document.text('event.kind')?.toLowerCase()
  const isKnown = kind !== undefined && KINDS.has(kind)
  if (isKnown || document.has('event.category')) return 0.9
  if (document.has('kibana.alert.uuid')) return 0.9
  return document.has('event.dataset') || document.has('event.module') || document.has('data_stream.dataset')
    ? 0.8
    : 0
}

const ENVELOPE: Envelope = {
  arrays: new Set(['hits.hits', 'rawResponse.hits.hits', 'response.hits.hits']),
  isRecord: (object) => likeness(object) > 0 || bulkAction(object) !== undefined,
}

/** Documents of the Elastic Common Schema: Elastic Endpoint, Auditbeat, Packetbeat, Filebeat, detection alerts. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...RECORD_ISSUE_TEXTS.en,
      title: 'Elastic Common Schema (Elastic Endpoint, Beats, Elastic Agent)',
      description:
        'Documents of the Elastic Common Schema as JSON: one per line, in an array, Kibana and elasticdump exports with _source, search responses and the bulk format; nested or dotted names. Elastic Endpoint, Auditbeat, Packetbeat, Filebeat modules and integrations, detection alerts.',
      limits:
        'Fields of a module outside the schema are kept in the raw record only. CSV exports of Kibana are read with a mapping. Windows events (winlog) are read by the importer for Windows events as JSON; where they stand among other documents they are read here in the same way.',
    },
    'zh-TW': {
      ...RECORD_ISSUE_TEXTS['zh-TW'],
      title: 'Elastic Common Schema（Elastic Endpoint、Beats、Elastic Agent）',
      description:
        '符合 Elastic Common Schema 的 JSON 文件：每行一筆、陣列、含 _source 的 Kibana 與 elasticdump 匯出、搜尋回應及 bulk 格式；巢狀或以點分隔的欄位名稱皆可。涵蓋 Elastic Endpoint、Auditbeat、Packetbeat、Filebeat 模組與整合，以及偵測警示。',
      limits:
        '不屬於此結構描述的模組欄位僅保留於原始記錄。Kibana 的 CSV 匯出需以對應設定讀取。Windows 事件（winlog）由 JSON 格式的 Windows 事件匯入器讀取；若夾雜在其他文件之中，則在此以相同方式讀取。',
    },
    ja: {
      ...RECORD_ISSUE_TEXTS.ja,
      title: 'Elastic Common Schema（Elastic Endpoint、Beats、Elastic Agent）',
      description:
        'Elastic Common Schema の JSON ドキュメント。1 行 1 件、配列、_source を含む Kibana や elasticdump の出力、検索の応答、bulk 形式に対応し、項目名は入れ子でもドット区切りでもかまいません。Elastic Endpoint、Auditbeat、Packetbeat、Filebeat のモジュールと統合、検出アラートを読み取ります。',
      limits:
        'スキーマにないモジュール独自の項目は元のレコードにのみ残ります。Kibana の CSV 出力はマッピングで読み取ります。Windows イベント（winlog）は JSON 形式の Windows イベントとして読み取ります。ほかのドキュメントに混ざっている場合は、ここで同じように読み取ります。',
    },
  },
  detect({ text }) {
    if (!/^\s*[[{]/.test(text)) return 0
    const documents = firstRecords(text, ENVELOPE, SAMPLED).filter(
      (object) => bulkAction(object) === undefined,
    )
    if (documents.some((object) => new EcsDocument(object).has('winlog'))) return 0
    const scores = documents.map(likeness)
    if (scores.length > 0) return scores.reduce((sum, score) => sum + score, 0) / scores.length
    // The first document is longer than the sample: its names must do.
    return /"@timestamp"\s*:/.test(text) && /"ecs(?:\.version)?"\s*:/.test(text) && !/"winlog"\s*:/.test(text)
      ? 0.7
      : 0
  },
  async *parse(part, context) {
    /** Stands for a line that only announces the next document. */
    const announcement: readonly RecordItem[] = []
    let announced: JsonObject | undefined
    const mean = (object: JsonObject): JsonMeaning => {
      const action = bulkAction(object)
      if (action !== undefined) {
        announced = action
        return { items: announcement }
      }
      const named = announced === undefined ? object : withId(object, announced)
      announced = undefined
      const document = new EcsDocument(named)
      const windows = document.has('winlog') ? fromJson(object, context) : undefined
      if (windows !== undefined) {
        const { items, key } = toMeaning(windows)
        return { items, key }
      }
      const { event, key, issues } = toEcsEvent(document, ID, context)
      return { items: [event], key, issues }
    }
    for await (const batch of readEnvelopedRecords(part.open(), ID, ENVELOPE, mean)) {
      const units = batch.filter((unit: ParsedUnit) => unit.kind !== 'record' || unit.items !== announcement)
      if (units.length > 0) yield units
    }
  },
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
