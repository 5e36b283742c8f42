import { CSV_ISSUE_TEXTS, type CsvHeader, CsvRow, readCsvRecords, sniffCsv } from './csv/csv-records.ts'
import { settleDates } from './csv/settle-dates.ts'
import { type Envelope, firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import { isJsonPart } from './endpoint/first-character.ts'
import { RECORD_ISSUE_TEXTS } from './endpoint/issue-texts.ts'
import { rowObjects } from './endpoint/row-object.ts'
import { FdrRecord } from './fdr/fdr-record.ts'
import { fdrFile, toFdrInventory } from './fdr/inventory.ts'
import { toFdrEvent } from './fdr/to-event.ts'
import type { Importer } from './importer.ts'
import type { JsonMeaning } from './json/json-records.ts'
import type { JsonObject } from './json/parse-object.ts'

const ID = 'crowdstrike-fdr'
const SAMPLED = 8

/** `event_simpleName` is Falcon's alone; the files beside the events are known by their fields. */
function likeness(object: JsonObject): number {
  const record = new FdrRecord(object)
  if (record.event !== undefined) {
    const others = ['aid', 'cid', 'aip', 'event_platform', 'id', 'name'].filter(
      (name) => record.text(name) !== undefined,
    )
    return others.length > 1 ? 0.95 : 0.75
  }
  return fdrFile(record) === undefined ? 0 : 0.85
}

const ENVELOPE: Envelope = {
  arrays: new Set(['events', 'results', 'resources', 'data']),
  isRecord: (object) => likeness(object) > 0,
}

/** Falcon Data Replicator: events and the inventory files beside them; alerts of the alerts API. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...CSV_ISSUE_TEXTS.en,
      ...RECORD_ISSUE_TEXTS.en,
      title: 'CrowdStrike Falcon Data Replicator',
      description:
        'Events of Falcon Data Replicator (one JSON object per line; also searches exported as JSON or CSV, with the field suffixes of Splunk), its files aidmaster, managedassets, notmanaged and userinfo, and alerts of the alerts API. Process ids of Falcon are joined with the sensor id.',
      limits:
        'Older event lines carry no computer name: their endpoint is known by the sensor id alone, so import aidmaster as well. Paths on a volume with the folders of Windows are shown below C:; those on other volumes stay device paths (\\Device\\HarddiskVolumeN). Events of names not in the list are kept as plain records with their fields as text.',
    },
    'zh-TW': {
      ...CSV_ISSUE_TEXTS['zh-TW'],
      ...RECORD_ISSUE_TEXTS['zh-TW'],
      title: 'CrowdStrike Falcon Data Replicator',
      description:
        'Falcon Data Replicator 的事件（每行一個 JSON 物件；亦支援以 JSON 或 CSV 匯出的搜尋結果及 Splunk 的欄位後綴）、其 aidmaster、managedassets、notmanaged 與 userinfo 檔案，以及警示 API 的警示。Falcon 的處理程序識別碼會與感測器識別碼合併。',
      limits:
        '較舊的事件不含電腦名稱，端點僅能以感測器識別碼辨識，請一併匯入 aidmaster。含有 Windows 資料夾的磁碟區，其路徑顯示為 C:；其他磁碟區維持裝置路徑（\\Device\\HarddiskVolumeN）。不在清單中的事件名稱保留為一般紀錄，欄位以文字保存。',
    },
    ja: {
      ...CSV_ISSUE_TEXTS.ja,
      ...RECORD_ISSUE_TEXTS.ja,
      title: 'CrowdStrike Falcon Data Replicator',
      description:
        'Falcon Data Replicator のイベント（1 行に 1 つの JSON オブジェクト。JSON や CSV で出力した検索結果、Splunk が付ける項目名の接尾辞にも対応）、付属の aidmaster、managedassets、notmanaged、userinfo、アラート API のアラートを読み取ります。Falcon のプロセス ID はセンサー ID と組み合わせます。',
      limits:
        '古いイベントにはコンピューター名がなく、エンドポイントはセンサー ID でしか分かりません。aidmaster も取り込んでください。Windows のフォルダーがあるボリュームのパスは C: として示し、ほかのボリュームはデバイスパス（\\Device\\HarddiskVolumeN）のままです。一覧にない名前のイベントは、項目をテキストとして一般のレコードに保存します。',
    },
  },
  detect({ text }) {
    const scores = sampled(text).map(likeness)
    return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length
  },
  settle: async (part, context) => ((await isJsonPart(part)) ? context : settleDates(part, context, TIMES)),
  async *parse(part, context, share) {
    const mean = (object: JsonObject): JsonMeaning => {
      const record = new FdrRecord(object)
      const file = fdrFile(record)
      const { event, key, issues } =
        file === undefined ? toFdrEvent(record, ID, context) : toFdrInventory(record, file, ID, context)
      return { items: [event], key, issues }
    }
    if (await isJsonPart(part)) yield* readEnvelopedRecords(part.open(), ID, ENVELOPE, mean, share)
    else {
      const meanTable = (header: CsvHeader) => {
        const toObject = rowObjects(header)
        return (row: CsvRow) => mean(toObject(row))
      }
      yield* readCsvRecords(part.open(), ID, meanTable, { share })
    }
  },
  sharing: {},
}

/** Columns of tables out of a search that may be written for people. */
const TIMES = ['ContextTimeStamp', 'ContextTimeStamp_decimal', 'timestamp', '_time', 'Time']

function sampled(text: string): readonly JsonObject[] {
  if (/^\s*[[{]/.test(text)) return firstRecords(text, ENVELOPE, SAMPLED)
  const sample = sniffCsv(text)
  if (sample === undefined) return []
  const toObject = rowObjects(sample.header)
  return sample.rows.slice(0, SAMPLED).map((cells) => toObject(new CsvRow(cells)))
}
export default importer
