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

/**
 * What rules call grave, one sentence per kind with everywhere it was seen: a path tells one way through a case, shadow copies are
 * deleted on all servers.
 */
export async function gravestDetections(context: ReportContext): Promise<readonly Block[]> {
  const { words, ask } = context
  const { rows } = await ask('detection.list', {
    levels: ['critical', 'high'],
    order: 'level',
    limit: MAX_DETECTIONS,
  })
  const kinds = new Map<string, DetectionRow[]>()
  for (const row of rows) {
    const kind = kinds.get(row.title.key)
    if (kind === undefined) kinds.set(row.title.key, [row])
    else kind.push(row)
  }
  const items: Line[] = []
  for (const of of [...kinds.values()].slice(0, MAX_KINDS)) {
    const [first] = of
    if (first === undefined) continue
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
