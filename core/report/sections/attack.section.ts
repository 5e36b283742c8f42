import { findTechnique, TACTICS, type Tactic } from '../attack/techniques.ts'
import type { ReportContext } from '../context.ts'
import { joinLines, lineBreak, outside, type Block, type Inline, type Line } from '../document.ts'
import { citeProofs, citeSparingly, proofsOfEvents, type Cite } from '../facts/citations.ts'
import { listFindings } from '../facts/findings.ts'
import { findStory } from '../facts/story.ts'
import { techniquesOf } from '../facts/techniques.ts'
import { provenTechnique } from '../../normalise/technique.ts'
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
interface Unsaid extends Use {
  readonly attack: readonly string[]
}

export default {
  id: 'attack',
  order: 150,
  options: [{ id: 'basis', kind: 'choice', default: 'all', values: ['all', 'findings', 'path'] }],
  texts: attackTexts,
  async build(context): Promise<readonly Block[]> {
    const { words } = context
    const { uses, unsaid } = await collect(context)
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
      ...(await unsaidTable(context, unsaid, cite)),
    ]
  },
} satisfies Section

/** What was found by a rule that stands for several techniques and does not say which: each of them may be it. */
async function unsaidTable(
  context: ReportContext,
  unsaid: ReadonlyMap<string, Unsaid>,
  cite: Cite,
): Promise<readonly Block[]> {
  const { words } = context
  if (unsaid.size === 0) return []
  const rows: { readonly cells: readonly Line[] }[] = []
  for (const { places, attack, events } of unsaid.values()) {
    const proofs = await proofsOfEvents(context, events.slice(0, 2), new Set(events).size)
    const names = attack.map((id): Line => [outside(id, 'strong'), outside(findTechnique(id)?.name ?? '')])
    rows.push({
      cells: [
        joinLines([...places.values()].slice(0, MAX_PLACES), lineBreak),
        joinLines(names, lineBreak),
        citeProofs(cite, proofs),
      ],
    })
  }
  return [
    {
      block: 'table',
      caption: words('unsaid'),
      columns: [
        { header: words('where'), width: 34 },
        { header: words('oneOf'), width: 52 },
        { header: shared('column.evidence'), width: 14 },
      ],
      rows,
      empty: words('empty'),
    },
    { block: 'paragraph', text: [words('unsaidNote')], look: 'note' },
  ]
}

/**
 * Techniques that steps of the path, findings and detections prove, with where and by which events; and those of which rules say
 * that it is one of several.
 */
async function collect(
  context: ReportContext,
): Promise<{ readonly uses: ReadonlyMap<string, Use>; readonly unsaid: ReadonlyMap<string, Unsaid> }> {
  const { ask, words, choice } = context
  const basis = choice('basis')
  const uses = new Map<string, Use>()
  const unsaid = new Map<string, Unsaid>()
  const note = (
    attack: readonly string[],
    key: string,
    place: Inline,
    events: readonly string[],
    isTold = true,
  ): void => {
    const proven = provenTechnique(attack)
    if (proven !== undefined) {
      const use = uses.get(proven) ?? { places: new Map<string, Line>(), events: [] }
      use.places.set(key, [place])
      use.events.push(...events)
      uses.set(proven, use)
    } else if (attack.length > 0 && isTold) {
      const list = attack.join(' ')
      const one = unsaid.get(list) ?? { places: new Map<string, Line>(), attack, events: [] }
      one.places.set(key, [place])
      one.events.push(...events)
      unsaid.set(list, one)
    }
  }
  const rules = new Map((await ask('rule.list', {})).map((rule) => [rule.id, rule]))
  const story = await findStory(context)
  for (const [index, hop] of (story?.path.hops ?? []).entries())
    if (hop.observed)
      note(
        rules.get(hop.rule)?.attack ?? [],
        `step ${index}`,
        words('step', { n: index + 1 }),
        hop.events,
        basis === 'path',
      )
  const findings = basis === 'path' ? [] : await listFindings(context, MAX_FINDINGS)
  for (const [index, finding] of findings.entries())
    for (const { technique, events } of await techniquesOf(context, finding))
      note([technique], `finding ${index}`, words('finding', { n: index + 1 }), events)
  if (basis !== 'all') return { uses, unsaid }
  const { rows } = await ask('detection.list', { limit: MAX_DETECTIONS })
  for (const row of [...rows].sort((a, b) => Number(a.id) - Number(b.id))) {
    const title = { kind: 'words' as const, ...row.title, asLabel: true }
    note(row.attack, JSON.stringify(row.title), title, row.events)
  }
  return { uses, unsaid }
}
