import { basisOf } from '../facts/basis.ts'
import type { EvidenceRow } from '../../contract/nouns/evidence.ts'
import type { ReportContext } from '../context.ts'
import type { Block, Inline, Line, Words } from '../document.ts'
import { printedName } from '../entity-text.ts'
import { citeHop, citeSources } from '../facts/citations.ts'
import { summaryBeside } from './summary/beside.ts'
import { gravestDetections } from './summary/gravest.ts'
import { summaryTexts } from './summary/texts.ts'
import { noPathOfEnds } from '../facts/no-path.ts'
import { placedName, placesOf, type Places } from '../facts/places.ts'
import { citeProof, confidenceOf, listFindings, weightyFindings, type Finding } from '../facts/findings.ts'
import { findLastRetro } from '../facts/retro.ts'
import { entitiesOfKind, findStory, type Hop, type Story } from '../facts/story.ts'
import { defangAddress } from '../render/text.ts'
import { findVector, hasArrived, sourcesOfVector, type Vector } from '../facts/vector.ts'
import type { Section } from '../section.ts'
import { confidenceWords, kindWords, relationWords, shared } from '../words.ts'

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

export default {
  id: 'summary',
  order: 30,
  options: [
    { id: 'findings', kind: 'number', default: 3, min: 0, max: 20 },
    { id: 'beside', kind: 'flag', default: true },
    { id: 'others', kind: 'flag', default: true },
  ],
  texts: summaryTexts,
  async build(context): Promise<readonly Block[]> {
    const { words, ask, time, flag, case: info } = context
    const evidence = await ask('evidence.list', {})
    if (evidence.length === 0) return [{ block: 'paragraph', text: [words('empty')] }]
    const story = await findStory(context)
    const { evidence: items, events, messages } = info.counts
    const span = spanOf(evidence)
    const rejected = evidence.reduce((sum, item) => sum + item.rejected, 0)
    const scope: Line = [
      words('scope', {
        evidence: words('scope.evidence', { count: items }),
        events: words('scope.events', { count: events }),
        messages: words('scope.messages', { count: messages }),
      }),
      ...(span ? [words('span', { from: time(span[0]), to: time(span[1]), zone: info.zone })] : []),
    ]
    const facts: Line[] = [
      ...(await entryLines(context, story)),
      ...(story
        ? await onPath(context, story)
        : [[(await noPathOfEnds(context)) ?? words(await noPathKey(context))]]),
      ...(story && flag('beside') ? await summaryBeside(context, story) : []),
      ...(flag('others') ? await exposure(context) : []),
      ...(rejected > 0 ? [[words('rejected', { count: rejected }), ...rejectedIn(evidence)]] : []),
    ]
    return [
      { block: 'paragraph', text: scope, look: 'lead' },
      { block: 'list', items: facts },
      ...(await heaviest(context)),
      ...(await gravestDetections(context)),
      { block: 'paragraph', text: [words('candidate')], look: 'note' },
    ]
  },
} satisfies Section

const noPathKey = async (context: ReportContext): Promise<string> =>
  (await weightyFindings(context)).length > 0 ? 'noPathFindings' : 'noPath'

/** The findings in a sentence each, numbered as the section of findings numbers them. */
async function heaviest(context: ReportContext): Promise<readonly Block[]> {
  const { words, ask, count } = context
  const most = count('findings')
  const findings = most === 0 ? [] : await listFindings(context, most)
  if (findings.length === 0) return []
  const items = findings.map(async (finding): Promise<Line> => {
    const sure = confidenceOf(finding)
    const fact = finding.claims.find(({ kind }) => kind === 'fact') ?? finding.claims[0]
    return [
      words(finding.paths.length > 0 ? 'finding.path' : 'finding.claims', {
        title: titled(context, finding),
        confidence:
          sure === null
            ? shared('unknown')
            : shared('confidence.with', { word: confidenceWords(sure), value: sure.toFixed(2) }),
        users: words('finding.users', { count: finding.userTotal }),
        endpoints: words('finding.endpoints', { count: finding.endpointTotal }),
      }),
      ...(fact === undefined ? [] : await citeProof(context, fact.proof)),
    ]
  })
  const { total } = await ask('story.list', { limit: most })
  const left = (total ?? findings.length) - findings.length
  return [
    { block: 'paragraph', text: [words('findings')], look: 'label' },
    { block: 'list', items: await Promise.all(items), ordered: true },
    ...(left > 0
      ? [
          {
            block: 'paragraph' as const,
            text: [words('moreFindings', { count: left })],
            look: 'note' as const,
          },
        ]
      : []),
  ]
}

/** The title of a finding; of a candidate with why it is none but that. */
function titled({ words }: ReportContext, { title, candidate, claims }: Finding): Words {
  const name: Words = { kind: 'words', ...title }
  const why: Words[] = [
    ...(claims.some(({ kind }) => kind === 'fact') ? [] : [words('finding.onlyRead')]),
    ...candidate.map((reason): Words => ({ kind: 'words', ...reason })),
  ]
  const [first, ...rest] = why
  if (first === undefined) return name
  return words('finding.asCandidate', {
    title: name,
    why: rest.reduce((a, b) => words('finding.and', { a, b }), first),
  })
}

const rejectedIn = (evidence: readonly EvidenceRow[]): Line =>
  evidence.filter((item) => item.rejected > 0).map((item) => ({ kind: 'cite', ref: `E${item.id}` }))

function spanOf(evidence: readonly EvidenceRow[]): readonly [string, string] | undefined {
  const first = evidence.flatMap((item) => item.firstAt ?? []).sort()[0]
  const last = evidence
    .flatMap((item) => item.lastAt ?? [])
    .sort()
    .at(-1)
  return first === undefined || last === undefined ? undefined : [first, last]
}

const timeWords = (context: ReportContext, at: string | null) =>
  at === null ? shared('noTime') : context.time(at)

/** What came in, and how many of those who got it touched it. */
async function entryLines(context: ReportContext, story: Story | undefined): Promise<readonly Line[]> {
  const { words } = context
  const vector = await findVector(context)
  if (vector !== undefined) return vectorLines(context, vector)
  const [first] = story?.path.hops ?? []
  if (story !== undefined && first !== undefined)
    return [
      [
        words('entryOther', { kind: kindWords(story.from.kind), name: printedName(story.from) }),
        ...(await citeHop(context, first)),
      ],
    ]
  const findings = await weightyFindings(context)
  if (findings.length === 0 || context.case.counts.messages === 0) return []
  const perhaps = findings.find(({ finding }) => finding.emailVector !== null)
  const named = perhaps?.finding.emailVector
  if (perhaps === undefined || !named) return [[words('noMail')]]
  const { sources } = await context.ask('mail.get', { id: named.message.id })
  return [
    [
      words('mailPerhaps', { n: perhaps.number, subject: printedName(named.message) }),
      ...citeSources(context, sources.slice(0, 2), sources.length),
    ],
  ]
}

async function vectorLines(context: ReportContext, vector: Vector): Promise<readonly Line[]> {
  const { words } = context
  const { message, finding, isPerhaps } = vector
  const sources = citeSources(
    context,
    (await sourcesOfVector(context, message)).slice(0, 3),
    message.sources.length,
  )
  const isDelivered = await hasArrived(context, message)
  const arrivals = message.recipients.flatMap(({ deliveredAt }) => deliveredAt ?? [])
  const deliveredAt = [...arrivals, ...(message.deliveredAt === null ? [] : [message.deliveredAt])].sort()[0]
  const params = {
    entry: finding === null ? words('entry') : words('entryOf', { n: finding }),
    subject: printedName({ kind: 'message', name: message.subject }),
    sender: defangAddress(message.from),
    at: timeWords(context, isDelivered ? (deliveredAt ?? message.sentAt) : message.sentAt),
    // Copies are listed by some exports only; others name recipients and when each got it.
    count: Math.max(message.mailboxes, arrivals.length),
  }
  const key = deliveredAt === undefined ? 'entryMailSent' : isDelivered ? 'entryMail' : 'entryMailNamed'
  const clicked = message.recipients.filter(
    (one) => one.clickedAt !== null && !one.perhaps.includes('clicked'),
  )
  const executed = message.recipients.filter(
    (one) => one.executedAt !== null && !one.perhaps.includes('executed'),
  )
  const sure = new Set([...clicked, ...executed])
  const perhaps = message.recipients.filter((one) => one.perhaps.length > 0 && !sure.has(one))
  return [
    [words(key, params), ...(isPerhaps ? [words('entryPerhaps')] : []), ...sources],
    [
      words('recipients', {
        total: words('recipients.total', { count: message.recipients.length }),
        clicked: clicked.length,
        executed: executed.length,
      }),
      ...(perhaps.length > 0 ? [words('recipientsPerhaps', { count: perhaps.length })] : []),
      ...sources,
    ],
  ]
}

async function onPath(context: ReportContext, story: Story): Promise<readonly Line[]> {
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
    ...(story.finding !== null && story.finding > 1 ? [words('pathOf', { n: story.finding })] : []),
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

/** Who else: other recipients of the vector, and what the retro scan turned. */
async function exposure(context: ReportContext): Promise<readonly Line[]> {
  const { words } = context
  const [vector, story, retro] = await Promise.all([
    findVector(context),
    findStory(context),
    findLastRetro(context),
  ])
  const lines: Line[] = []
  const victim = story && entitiesOfKind(story.path, 'user')[0]
  const message = vector?.message
  if (message && victim && message.recipients.length > 1) {
    const others = message.recipients.filter((recipient) => recipient.user?.id !== victim.id).length
    if (others > 0)
      lines.push([
        words('others', { name: printedName(victim), count: others }),
        ...citeSources(
          context,
          (await sourcesOfVector(context, message)).slice(0, 3),
          message.sources.length,
        ),
      ])
  }
  if (retro) {
    const messages = [...new Set(retro.newlyMatching.map((row) => row.message.id))].slice(0, 3)
    const details = await Promise.all(messages.map((id) => context.ask('mail.get', { id })))
    const sources = details.flatMap((message) => message.sources.slice(0, 1))
    lines.push([
      words('retro', {
        count: retro.counts.turned,
        exposed: retro.exposure.filter(({ isRecipient }) => isRecipient).length,
      }),
      ...citeSources(context, sources),
    ])
  }
  return lines
}
