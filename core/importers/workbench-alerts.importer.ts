import { type Envelope, firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import { RECORD_ISSUE_TEXTS } from './endpoint/issue-texts.ts'
import type { Importer } from './importer.ts'
import { isWorkbenchAlert, toWorkbenchAlert } from './telemetry/workbench-alert.ts'

const ID = 'workbench-alerts'
const SAMPLED = 5
const ENVELOPE: Envelope = {
  arrays: new Set(['items', 'data', 'data.workbenchRecords', 'alerts', 'value']),
  isRecord: isWorkbenchAlert,
}

/** Alerts of the Workbench of Trend Vision One. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...RECORD_ISSUE_TEXTS.en,
      title: 'Workbench alerts (Trend Vision One)',
      description:
        'Workbench alerts of Trend Vision One as JSON (API responses or one alert per line): model, severity, matched filters with MITRE ATT&CK ids, affected hosts, accounts and mailboxes, indicators. An alert that affects several hosts becomes one event per host.',
      limits:
        'The events that matched are named by id only; import the telemetry or the observed techniques for them. Of several indicators of one kind the first is read into a field, all up to twenty into the text. Of more than 500 affected entities the others are in the raw record only.',
    },
    'zh-TW': {
      ...RECORD_ISSUE_TEXTS['zh-TW'],
      title: 'Workbench 警示（Trend Vision One）',
      description:
        'Trend Vision One 的 Workbench 警示，JSON 格式（API 回應或每行一則警示）：模型、嚴重性、含 MITRE ATT&CK 編號的相符篩選器、受影響的主機、帳號與信箱，以及指標。影響多台主機的警示會成為每台主機一個事件。',
      limits:
        '相符的事件僅以識別碼列出；請另外匯入遙測資料或觀察到的攻擊技術。同一類型若有多個指標，僅將第一個讀入欄位，文字中最多列出二十個。受影響的實體超過 500 個時，其餘僅存於原始紀錄。',
    },
    ja: {
      ...RECORD_ISSUE_TEXTS.ja,
      title: 'Workbench アラート（Trend Vision One）',
      description:
        'Trend Vision One の Workbench アラートを JSON（API の応答または 1 行 1 件）で読み取ります。モデル、重大度、MITRE ATT&CK の ID を持つ一致したフィルター、影響を受けるホスト、アカウント、メールボックス、インジケーターに対応します。複数のホストに影響するアラートは、ホストごとに 1 つのイベントになります。',
      limits:
        '一致したイベントは ID だけが示されます。内容はテレメトリまたは観測された攻撃テクニックを取り込んでください。同じ種類のインジケーターが複数あるときは最初の 1 つを項目に読み取り、テキストには 20 個まで示します。影響を受けるエンティティが 500 を超えると、残りは生レコードにのみ残ります。',
    },
  },
  detect({ text }) {
    if (!/^\s*[[{]/.test(text)) return 0
    const objects = firstRecords(text, ENVELOPE, SAMPLED)
    const own = objects.filter(isWorkbenchAlert).length
    if (objects.length > 0) return own === 0 ? 0 : 0.6 + 0.35 * (own / objects.length)
    // The first alert is longer than the sample: its names must do.
    return /"(?:impactScope|matchedRules)"\s*:/.test(text) &&
      /"(?:workbenchLink|modelId|alertProvider)"\s*:/.test(text)
      ? 0.7
      : 0
  },
  async *parse(part, context) {
    yield* readEnvelopedRecords(part.open(), ID, ENVELOPE, (object) => {
      const { events, key, issues } = toWorkbenchAlert(object, ID, context)
      return { items: events, key, issues }
    })
  },
}
export default importer
