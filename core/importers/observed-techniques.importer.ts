import { firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import { RECORD_ISSUE_TEXTS } from './endpoint/issue-texts.ts'
import type { Importer, ParsedUnit, RecordItem } from './importer.ts'
import type { JsonMeaning } from './json/json-records.ts'
import type { JsonObject } from './json/parse-object.ts'
import { isObservedTechnique, TECHNIQUES_ENVELOPE } from './telemetry/recognise.ts'
import { toObservedTechnique } from './telemetry/observed-technique.ts'

const ID = 'observed-techniques'
const SAMPLED = 5

/** Observed attack techniques of Trend Vision One: matched filters, each around the telemetry record they matched. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...RECORD_ISSUE_TEXTS.en,
      title: 'Observed attack techniques (Trend Vision One)',
      description:
        'Observed Attack Techniques of Trend Vision One as JSON (API responses or one item per line). Every item counts as two records: the alert with filter names, risk level and MITRE ATT&CK ids, and the telemetry record it carries. A telemetry export of the same period is recognised by the record id and stored once.',
      limits:
        'Only the telemetry of endpoints inside an item becomes an event of its own; mail, network and cloud details are kept in the raw record. Highlighted objects beyond the first twenty are in the raw record only.',
    },
    'zh-TW': {
      ...RECORD_ISSUE_TEXTS['zh-TW'],
      title: '觀察到的攻擊技術（Trend Vision One）',
      description:
        'Trend Vision One 的 Observed Attack Techniques，JSON 格式（API 回應或每行一個項目）。每個項目計為兩筆紀錄：含篩選器名稱、風險等級與 MITRE ATT&CK 編號的警示，以及其中附帶的遙測紀錄。同一期間的遙測匯出會依紀錄識別碼辨識，只儲存一次。',
      limits:
        '項目中僅端點的遙測會成為獨立事件；郵件、網路與雲端的詳細資料保留於原始紀錄。前二十個以外的醒目標示物件僅存於原始紀錄。',
    },
    ja: {
      ...RECORD_ISSUE_TEXTS.ja,
      title: '観測された攻撃テクニック（Trend Vision One）',
      description:
        'Trend Vision One の Observed Attack Techniques を JSON（API の応答または 1 行 1 項目）で読み取ります。1 項目は 2 レコードとして数えます。フィルター名、リスクレベル、MITRE ATT&CK の ID を持つアラートと、項目に含まれるテレメトリのレコードです。同じ期間のテレメトリの出力とはレコード ID で照合し、1 度だけ保存します。',
      limits:
        '項目の中で独立したイベントになるのはエンドポイントのテレメトリだけです。メール、ネットワーク、クラウドの詳細は生レコードに残ります。強調されたオブジェクトは先頭の 20 個を超えると生レコードにのみ残ります。',
    },
  },
  detect({ text }) {
    if (!/^\s*[[{]/.test(text)) return 0
    const objects = firstRecords(text, TECHNIQUES_ENVELOPE, SAMPLED)
    const own = objects.filter(isObservedTechnique).length
    if (objects.length > 0) return own === 0 ? 0 : 0.6 + 0.35 * (own / objects.length)
    // The first item is longer than the sample: its names must do.
    return /"(?:detectedDateTime|ingestedDateTime)"\s*:/.test(text) &&
      /"filters"\s*:\s*\[/.test(text) &&
      /"mitreTechniqueIds"\s*:/.test(text)
      ? 0.7
      : 0
  },
  async *parse(part, context, share) {
    const telemetryOf = new WeakMap<readonly RecordItem[], { item: RecordItem; key: string | undefined }>()
    const mean = (object: JsonObject): JsonMeaning => {
      const { alert, telemetry, issues } = toObservedTechnique(object, ID, context)
      const items = [alert.event]
      if (telemetry !== undefined) telemetryOf.set(items, { item: telemetry.event, key: telemetry.key })
      return { items, key: alert.key, issues }
    }
    const units = readEnvelopedRecords(part.open(), ID, TECHNIQUES_ENVELOPE, mean, share)
    for await (const batch of units) yield batch.flatMap((unit) => withTelemetry(unit, telemetryOf))
  },
  sharing: {},
}

/** The telemetry inside an item is a record of its own: it has its own identity, by which a telemetry export meets it. */
function withTelemetry(
  unit: ParsedUnit,
  telemetryOf: WeakMap<readonly RecordItem[], { item: RecordItem; key: string | undefined }>,
): ParsedUnit[] {
  const telemetry = unit.kind === 'record' ? telemetryOf.get(unit.items) : undefined
  if (unit.kind !== 'record' || telemetry === undefined) return [unit]
  return [
    unit,
    {
      kind: 'record',
      locator: `${unit.locator}, detail`,
      raw: unit.raw,
      key: telemetry.key,
      items: [telemetry.item],
    },
  ]
}
export default importer
