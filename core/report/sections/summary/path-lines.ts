import { basisOf } from '../../facts/basis.ts'
import type { ReportContext } from '../../context.ts'
import type { Inline, Line } from '../../document.ts'
import { printedName } from '../../entity-text.ts'
import { citeHop } from '../../facts/citations.ts'
import { weightyFindings } from '../../facts/findings.ts'
import { placedName, placesOf, type Places } from '../../facts/places.ts'
import { entitiesOfKind, type Hop, type Story } from '../../facts/story.ts'
import { confidenceWords, kindWords, relationWords, shared } from '../../words.ts'
import { timeWords } from './time-words.ts'

/** Steps that take the attack from one machine, account or secret to the next. */
const MOVES: ReadonlySet<string> = new Set([
  'remote-logon',
  'remote-execution',
  'accessed-credentials',
  'logged-on-to',
  'signed-in-to',
])
/** Steps by which somebody touched what came in. */
const TOUCHES: ReadonlySet<string> = new Set(['clicked-by', 'opened-on', 'downloaded-to', 'saved-as'])

/** The told path: who touched it, what ran, where it went, where it ends, and of which finding it is how much. */
export async function pathLines(context: ReportContext, story: Story): Promise<readonly Line[]> {
  const { words } = context
  const { path } = story
  const places = await placesOf(context, path)
  const step = async (key: string, hop: Hop): Promise<Line> => [
    words(key, {
      from: placedName(hop.from, places),
      relation: relationWords(hop.relation),
      to: placedName(hop.to, places),
      at: timeWords(context, hop.at),
    }),
    ...clockRemark(context, hop, path.hops),
    ...(await citeHop(context, hop)),
  ]
  const timed = path.hops.filter((hop) => hop.at !== null)
  const touched = await Promise.all(
    timed.filter((hop) => TOUCHES.has(hop.relation)).map((hop) => step('touched', hop)),
  )
  const moved = await Promise.all(
    timed.filter((hop) => MOVES.has(hop.relation)).map((hop) => step('moved', hop)),
  )
  const basis = path.hops.map((hop) => basisOf(hop.relation, hop.observed))
  const unobserved = basis.filter((one) => one === 'possible').length
  const said = basis.filter((one) => one === 'analyst').length
  const last = path.hops.at(-1)
  const end: Line = [
    words('reached', {
      kind: kindWords(story.to.kind),
      name: printedName(story.to),
      at: timeWords(context, path.endAt),
      confidence: shared('confidence.with', {
        word: confidenceWords(path.confidence),
        value: path.confidence.toFixed(2),
      }),
    }),
    ...(await ofFinding(context, story)),
    ...(unobserved > 0 ? [words('notObserved', { count: unobserved, total: path.hops.length })] : []),
    ...(said > 0 ? [words('saidByAnalyst', { count: said, total: path.hops.length })] : []),
    ...(last ? await citeHop(context, last) : []),
  ]
  return [...touched, ...(await ran(context, story, places)), ...moved, end]
}

/** Where the clock of a step is known to be off, or its time lies before that of the step it follows. */
function clockRemark(context: ReportContext, hop: Hop, hops: readonly Hop[]): Line {
  const { words, time } = context
  if (hop.clock != null)
    return [
      words(hop.clock.aheadSeconds > 0 ? 'clockAhead' : 'clockBehind', {
        seconds: Math.abs(hop.clock.aheadSeconds),
        at: time(hop.clock.rightAt),
      }),
    ]
  const before = hops.slice(0, hops.indexOf(hop)).findLast((one) => one.at !== null)
  const right = before?.clock?.rightAt ?? before?.at
  return hop.at !== null && right != null && hop.at < right ? [words('backwards')] : []
}

/** What ran, endpoint by endpoint in the order of the path, with the records of the starts. */
async function ran(context: ReportContext, { path }: Story, places: Places): Promise<readonly Line[]> {
  const groups = new Map<string, { names: string[]; ids: Set<string> }>()
  for (const process of entitiesOfKind(path, 'process')) {
    const endpoint = places.get(process.id) ?? ''
    const group = groups.get(endpoint) ?? { names: [], ids: new Set() }
    if (group.names.at(-1) !== process.name) group.names.push(process.name)
    group.ids.add(process.id)
    groups.set(endpoint, group)
  }
  return Promise.all(
    [...groups].map(async ([endpoint, { names, ids }]): Promise<Line> => {
      const starts = path.hops.filter((hop) => ids.has(hop.to.id))
      const cites = (await Promise.all(starts.map((hop) => citeHop(context, hop)))).flat()
      const unique: readonly Inline[] = [
        ...new Map(cites.map((cite) => [JSON.stringify(cite), cite])).values(),
      ]
      return [
        context.words(endpoint === '' ? 'ranSomewhere' : 'ran', { endpoint, names: names.join(' → ') }),
        ...unique,
      ]
    }),
  )
}

/** Which finding the path is of where there are several, and how much of it is not on it. */
async function ofFinding({ words, ...context }: ReportContext, { path, finding }: Story): Promise<Line> {
  if (finding === null) return []
  const findings = await weightyFindings({ words, ...context })
  const own = findings.find(({ number }) => number === finding)?.finding
  const steps = new Set(path.hops.map(({ relationId }) => relationId))
  const beside = (own?.claims ?? []).filter(
    ({ kind, proof }) => kind === 'fact' && !proof.relations.some((id) => steps.has(id)),
  )
  const isOnly = findings.length === 1
  return [
    ...(isOnly ? [] : [words(finding > 1 ? 'pathOf' : 'pathOfFirst', { n: finding })]),
    ...(beside.length === 0 ? [] : [words('pathPart', { n: finding, count: beside.length })]),
  ]
}
