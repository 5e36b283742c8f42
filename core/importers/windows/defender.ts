import { toPath } from '../../normalise/path.ts'
import { present } from '../../normalise/placeholder.ts'
import {
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  named,
  outcomeBy,
  path,
  type Pick,
  rows,
  text,
} from './picks.ts'

/** First file of `Path`: `;`-joined `file:_C:\x`, `containerfile:_C:\a.zip`, `webfile:_C:\x|https://url|pid:..`. */
const threatFile: Pick<string> = (event) => {
  const entries = (event.data.get('Path') ?? '').split(';').map((entry) => entry.trim())
  const entry = entries.find((candidate) => /^(?:file|webfile):_/i.test(candidate)) ?? entries[0]
  return entry === undefined ? undefined : toPath(entry.replace(/^[a-z]+:_/i, '').split('|')[0])
}
const downloadUrl: Pick<string> = (event) =>
  present(/\|(https?:\/\/[^|;\s]+)/i.exec(event.data.get('Path') ?? '')?.[1])

const THREAT: FieldPicks = {
  target: threatFile,
  url: downloadUrl,
  processPath: path('Process Name'),
  account: text('Detection User'),
  detail: named('Threat Name', 'Severity Name', 'Category Name', 'Path', 'Source Name'),
}
const ACTION: FieldPicks = { ...THREAT, action: text('Action Name'), status: text('Error Code') }

const defenderRows: [number, EventRow][] = [
  ...rows([1006, 1015, 1116], { kind: 'malware-detected', fields: THREAT }),
  ...rows([1007, 1117], { kind: 'malware-action', fields: { ...ACTION, outcome: outcomeBy('Error Code') } }),
  ...rows([1008, 1118, 1119], { kind: 'malware-action', fields: { ...ACTION, outcome: fixed('failure') } }),
  [5001, { kind: 'protection-change', fields: { action: fixed('real-time-disabled') } }],
  [
    5004,
    {
      kind: 'protection-change',
      fields: { action: fixed('real-time-changed'), detail: named('Feature Name', 'Configuration') },
    },
  ],
  [
    5007,
    {
      kind: 'protection-change',
      fields: { action: fixed('configuration-changed'), detail: named('Old Value', 'New Value') },
    },
  ],
  ...rows([5010, 5012], { kind: 'protection-change', fields: { action: fixed('scanning-disabled') } }),
  [
    5013,
    {
      kind: 'protection-change',
      fields: { action: fixed('tamper-protection'), detail: named('Changed Type', 'Value') },
    },
  ],
]
/** Microsoft Defender Antivirus: its field names contain blanks (formats.md A3.2). */
export const defender: EventTable = new Map(defenderRows)
