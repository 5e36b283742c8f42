import { DottedRecord } from './endpoint/dotted-record.ts'
import { type Envelope, firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import { RECORD_ISSUE_TEXTS } from './endpoint/issue-texts.ts'
import type { Importer } from './importer.ts'
import type { JsonMeaning } from './json/json-records.ts'
import type { JsonObject } from './json/parse-object.ts'
import { toOcsfEvent } from './ocsf/to-event.ts'

const ID = 'ocsf'
const SAMPLED = 5

/** 0 for what is no OCSF event; `class_uid` with `metadata` or the numbers derived from it name it beyond doubt. */
function likeness(object: JsonObject): number {
  const record = new DottedRecord(object)
  if (!/^\d{4,7}$/.test(record.text('class_uid') ?? '')) return 0
  const others = ['activity_id', 'category_uid', 'type_uid', 'severity_id', 'time'].filter((name) =>
    record.has(name),
  )
  if (record.has('metadata.version') || record.has('metadata.product')) return others.length > 1 ? 0.95 : 0.85
  return others.length > 2 ? 0.8 : 0
}

const ENVELOPE: Envelope = {
  arrays: new Set(['events', 'items', 'records', 'Records', 'data', 'results', 'logs', 'hits']),
  isRecord: (object) => likeness(object) > 0,
}

/** Events of the Open Cybersecurity Schema Framework, whatever product wrote them. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...RECORD_ISSUE_TEXTS.en,
      title: 'Open Cybersecurity Schema Framework (OCSF 1.x)',
      description:
        'OCSF events as JSON: one per line, in an array or inside a response; rows of Amazon Security Lake written as JSON. System, network, identity, e-mail, finding, discovery and application classes with their activities.',
      limits:
        'Parquet files must be written out as JSON first. Of a finding with several pieces of evidence the first is read into fields. Classes of extensions other than Windows are kept as plain records. Enrichments, observables and unmapped members stay in the raw record.',
    },
    'zh-TW': {
      ...RECORD_ISSUE_TEXTS['zh-TW'],
      title: 'Open Cybersecurity Schema Framework（OCSF 1.x）',
      description:
        'JSON 格式的 OCSF 事件：每行一筆、陣列或置於回應之中；以 JSON 輸出的 Amazon Security Lake 資料列。涵蓋系統、網路、身分、電子郵件、發現項目、探索與應用程式類別及其活動。',
      limits:
        'Parquet 檔須先輸出為 JSON。發現項目若有多項證據，僅將第一項讀入欄位。Windows 以外擴充的類別保留為一般紀錄。enrichments、observables 與 unmapped 成員保留於原始紀錄。',
    },
    ja: {
      ...RECORD_ISSUE_TEXTS.ja,
      title: 'Open Cybersecurity Schema Framework（OCSF 1.x）',
      description:
        'OCSF イベントの JSON。1 行 1 件、配列、応答の中のもの、JSON として出力した Amazon Security Lake の行に対応します。システム、ネットワーク、ID、メール、検出結果、ディスカバリ、アプリケーションの各クラスとアクティビティを読み取ります。',
      limits:
        'Parquet ファイルは先に JSON として出力してください。証拠が複数ある検出結果では、最初の証拠だけを項目として読み取ります。Windows 以外の拡張クラスは一般のレコードとして保存します。enrichments、observables、unmapped は生レコードに残ります。',
    },
  },
  detect({ text }) {
    if (!/^\s*[[{]/.test(text)) return 0
    const scores = firstRecords(text, ENVELOPE, SAMPLED).map(likeness)
    if (scores.length > 0) return scores.reduce((sum, score) => sum + score, 0) / scores.length
    // The first event is longer than the sample: its names must do.
    return /"class_uid"\s*:\s*\d{4,7}/.test(text) && /"(?:category_uid|type_uid|activity_id)"\s*:/.test(text)
      ? 0.8
      : 0
  },
  async *parse(part, context, share) {
    const mean = (object: JsonObject): JsonMeaning => {
      const { event, key, issues } = toOcsfEvent(new DottedRecord(object), ID, context)
      return { items: [event], key, issues }
    }
    yield* readEnvelopedRecords(part.open(), ID, ENVELOPE, mean, share)
  },
  sharing: {},
}
export default importer
