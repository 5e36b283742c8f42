import type { DetectionRow } from '../../../contract/nouns/detection.ts'
import type { EntityRef } from '../../../contract/shapes.ts'
import type { ReportContext } from '../../context.ts'
import type { Block, Line } from '../../document.ts'
import { printedName } from '../../entity-text.ts'
import { citeSources, proofsOfEvents } from '../../facts/citations.ts'

/** Detections read, kinds of them told, and names in a sentence; the table of detections has them all. */
const MAX_DETECTIONS = 1000
const MAX_KINDS = 6
const MAX_NAMES = 10
const MAX_CITED = 2

/** What decides what has to be done, whatever else was found: told first, and never left out for lack of room. */
const DECISIVE = [
  'rule.credentials.dcsync.detection.dcsync',
  'rule.credentials.command.detection.ticket-command',
  'rule.credentials.certificate.detection.certificate-used',
  'rule.logon.ticket.detection.forged-ticket',
  'rule.cloud.forged-token.detection.forged-token',
  'rule.impact.encryption.detection.mass-encryption',
] as const
/** What follows from it, for whoever reads no more than this. */
const MEANS: Readonly<Record<string, string>> = {
  'rule.credentials.dcsync.detection.dcsync': 'means.dcsync',
  'rule.credentials.command.detection.ticket-command': 'means.ticket',
  'rule.credentials.certificate.detection.certificate-used': 'means.certificate',
}
const rankOf = (key: string): number => {
  const place = DECISIVE.findIndex((one) => one === key)
  return place < 0 ? DECISIVE.length : place
}
const RULES = [...new Set(DECISIVE.map((key) => key.slice('rule.'.length, key.indexOf('.detection.'))))]

/** The gravest of the case; of what decides, also what would stand behind thousands of others. */
async function listGravest({ ask }: ReportContext): Promise<readonly DetectionRow[]> {
  const levels: ('critical' | 'high')[] = ['critical', 'high']
  const { rows, next } = await ask('detection.list', { levels, order: 'level', limit: MAX_DETECTIONS })
  if (next === null) return rows
  const decisive = await Promise.all(
    RULES.map((rule) => ask('detection.list', { levels, rule, order: 'level', limit: MAX_NAMES })),
  )
  const known = new Set(rows.map(({ id }) => id))
  return [...rows, ...decisive.flatMap((answer) => answer.rows).filter(({ id }) => !known.has(id))]
}

/**
 * What rules call grave, one sentence per kind with everywhere it was seen: a path tells one way through a case, shadow copies are
 * deleted on all servers.
 */
export async function gravestDetections(context: ReportContext): Promise<readonly Block[]> {
  const { words } = context
  const rows = await listGravest(context)
  const kinds = new Map<string, DetectionRow[]>()
  for (const row of rows) {
    const kind = kinds.get(row.title.key)
    if (kind === undefined) kinds.set(row.title.key, [row])
    else kind.push(row)
  }
  const items: Line[] = []
  const ordered = [...kinds].sort(([a], [b]) => rankOf(a) - rankOf(b))
  for (const [, of] of ordered.slice(0, MAX_KINDS)) {
    const [first] = of
    if (first === undefined) continue
    const means = MEANS[first.title.key]
    const names = [...new Set(of.flatMap((row) => placesOf(row).map((ref) => printedName(ref))))].sort()
    const shown = names.slice(0, MAX_NAMES).join(', ')
    const left = names.length - MAX_NAMES
    const proofs = await Promise.all(
      of.slice(0, MAX_CITED).map((row) => proofsOfEvents(context, row.events.slice(0, 1))),
    )
    items.push([
      words('gravestAt', {
        title: { kind: 'words', ...first.title, asLabel: true },
        names: left > 0 ? words('beside.moreNames', { names: shown, n: left }) : shown,
      }),
      ...(means === undefined ? [] : [words(means)]),
      ...citeSources(
        context,
        proofs.flatMap(({ sources }) => sources),
      ),
    ])
  }
  return items.length === 0
    ? []
    : [
        { block: 'paragraph', text: [words('gravest')], look: 'label' },
        { block: 'list', items },
      ]
}

/** The endpoints it was seen at; of what has none, whom it is about. */
function placesOf({ subject, involved }: DetectionRow): readonly EntityRef[] {
  const endpoints = [subject, ...involved].filter(({ kind }) => kind === 'endpoint')
  return endpoints.length > 0 ? endpoints : [subject]
}
