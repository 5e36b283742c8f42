import { findTechnique, TACTICS, type Tactic } from '../attack/techniques.ts'
import type { ReportContext } from '../context.ts'
import { joinLines, lineBreak, outside, type Block, type Inline, type Line } from '../document.ts'
import { citeProofs, citeSparingly, proofsOfEvents } from '../facts/citations.ts'
import { listFindings } from '../facts/findings.ts'
import { findStory } from '../facts/story.ts'
import type { Section } from '../section.ts'
import { attackTexts } from './attack/texts.ts'
import { shared } from '../words.ts'

/** Findings and detections looked through. */
const MAX_FINDINGS = 50
const MAX_DETECTIONS = 1000
/** Places named per technique. */
const MAX_PLACES = 4

interface Use {
  readonly places: Map<string, Line>
  readonly events: string[]
}

export default {
  id: 'attack',
  order: 150,
  options: [{ id: 'basis', kind: 'choice', default: 'all', values: ['all', 'findings', 'path'] }],
  texts: attackTexts,
  async build(context): Promise<readonly Block[]> {
    const { words } = context
    const uses = await collect(context)
    const rows = [...uses].flatMap(([id, use]) => {
      const known = findTechnique(id)
      const tactics: readonly (Tactic | null)[] = known?.tactics.length ? known.tactics : [null]
      // A technique of several tactics stands under its first, with the others beside it.
      return [{ id, use, name: known?.name ?? '', first: tactics[0] ?? null, tactics }]
    })
    const rank = (tactic: Tactic | null): number =>
      tactic === null ? TACTICS.length : TACTICS.indexOf(tactic)
    rows.sort((a, b) => rank(a.first) - rank(b.first) || (a.id < b.id ? -1 : 1))
    const cite = citeSparingly(context)
    const drawn: { readonly cells: readonly Line[] }[] = []
    for (const { id, use, name, tactics } of rows) {
      const proofs = await proofsOfEvents(context, use.events.slice(0, 2), new Set(use.events).size)
      drawn.push({
        cells: [
          joinLines(
            tactics.map((tactic): Line => [tactic === null ? shared('unknown') : words(`tactic.${tactic}`)]),
            lineBreak,
          ),
          [outside(id, 'strong')],
          [outside(name)],
          joinLines([...use.places.values()].slice(0, MAX_PLACES), lineBreak),
          citeProofs(cite, proofs),
        ],
      })
    }
    return [
      {
        block: 'table',
        columns: [
          { header: words('tactic'), width: 17 },
          { header: words('technique'), width: 10 },
          { header: words('name'), width: 30 },
          { header: words('where'), width: 30 },
          { header: shared('column.evidence'), width: 13 },
        ],
        rows: drawn,
        empty: words('empty'),
      },
      ...(drawn.length > 0
        ? [{ block: 'paragraph' as const, text: [words('note')], look: 'note' as const }]
        : []),
    ]
  },
} satisfies Section

/** Techniques of the path's rules, of the findings and of the detections, with where and by which events. */
async function collect(context: ReportContext): Promise<ReadonlyMap<string, Use>> {
  const { ask, words, choice } = context
  const basis = choice('basis')
  const uses = new Map<string, Use>()
  const note = (id: string, key: string, place: Inline, events: readonly string[]): void => {
    const use = uses.get(id) ?? { places: new Map<string, Line>(), events: [] }
    use.places.set(key, [place])
    use.events.push(...events)
    uses.set(id, use)
  }
  const rules = new Map((await ask('rule.list', {})).map((rule) => [rule.id, rule]))
  const story = await findStory(context)
  for (const [index, hop] of (story?.path.hops ?? []).entries())
    if (hop.observed)
      for (const id of rules.get(hop.rule)?.attack ?? [])
        note(id, `step ${index}`, words('step', { n: index + 1 }), hop.events)
  const findings = basis === 'path' ? [] : await listFindings(context, MAX_FINDINGS)
  for (const [index, finding] of findings.entries())
    for (const id of finding.attack)
      note(
        id,
        `finding ${index}`,
        words('finding', { n: index + 1 }),
        finding.claims
          .flatMap((claim) => (claim.kind === 'fact' ? claim.proof.events.slice(0, 1) : []))
          .slice(0, 1),
      )
  if (basis !== 'all') return uses
  const { rows } = await ask('detection.list', { limit: MAX_DETECTIONS })
  for (const row of [...rows].sort((a, b) => Number(a.id) - Number(b.id)))
    for (const id of row.attack) {
      const title = { kind: 'words' as const, ...row.title, asLabel: true }
      note(id, JSON.stringify(row.title), title, row.events)
    }
  return uses
}
