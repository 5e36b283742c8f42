import { z } from 'zod'
import type { MarkRow } from '../../contract/nouns/work.ts'
import type { ResultOf } from '../../contract/types.ts'
import { WorkbenchError } from '../../model/errors.ts'
import { EVENT_KINDS } from '../../model/event.ts'
import type { ReportContext } from '../context.ts'
import { entity, outside, words, type Block, type Line, type Row, type Words } from '../document.ts'
import { printedName } from '../entity-text.ts'
import { graphFigure, type PlacedNode } from '../figures/graph-figure.ts'
import { lanesFigure, type LaneMark } from '../figures/lanes-figure.ts'
import { matrixFigure } from '../figures/matrix-figure.ts'
import { planFigure } from '../figures/plan-figure.ts'
import { shared } from '../words.ts'
import { citeProofs } from './citations.ts'
import { MailState, messagesOf } from './mail-view.ts'

/** A pin of the analyst, and the section whose figures it belongs to. */
export interface Pin {
  readonly id: string
  readonly section: string
  /** Kind of what is pinned: `view`, `entity`, `story` ... */
  readonly kind: string
  readonly target: string
  readonly name: string
  /** Caption of the analyst; may be empty. */
  readonly text: string
}

const PAGE = 1000
/** Things of one picture that can be told apart on paper: where somebody arranged them, and where we do. */
const MAX_NODES = 80
const MAX_LAID_OUT = 32
/** Marks in one strip, recipients in one matrix. */
const MAX_MARKS = 400
const MAX_RECIPIENTS = 40

const SECTION: ReadonlyMap<string, string> = new Map([
  ['view graph', 'narrative'],
  ['view timeline', 'timeline'],
  ['view mail', 'mail-vector'],
  ['story', 'narrative'],
  ['entity', 'narrative'],
  ['relation', 'narrative'],
  ['detection', 'timeline'],
  ['event', 'timeline'],
  ['plan-item', 'plan'],
])

/** Pins in the order they were set, with the section each belongs to; what is not in the case any more is left out. */
export async function listPins({ ask }: Pick<ReportContext, 'ask'>): Promise<readonly Pin[]> {
  const rows: MarkRow[] = []
  let cursor: string | null = null
  do {
    const page: ResultOf<'work.list'> = await ask('work.list', { type: 'pin', limit: PAGE, cursor })
    rows.push(...page.rows)
    cursor = page.rows.length > 0 ? page.next : null
  } while (cursor !== null)
  const views = new Map((await ask('view.list', {})).map((view) => [view.id, view]))
  const pins: Pin[] = []
  for (const { id, text, target } of rows.sort((a, b) => Number(a.id) - Number(b.id))) {
    if (target.id === null) continue
    const view = target.kind === 'view' ? views.get(target.id) : undefined
    const isMail = target.kind === 'entity' && (await isMessage(ask, target.id))
    const sort = view === undefined ? (isMail ? 'view mail' : target.kind) : `view ${view.screen}`
    const name = view?.name ?? target.name
    pins.push({
      id,
      section: SECTION.get(sort) ?? 'narrative',
      kind: target.kind,
      target: target.id,
      name,
      text,
    })
  }
  return pins
}

async function isMessage(ask: ReportContext['ask'], id: string): Promise<boolean> {
  try {
    return (await ask('entity.get', { id })).kind === 'message'
  } catch (thrown) {
    if (thrown instanceof WorkbenchError && thrown.code === 'request.not_found') return false
    throw thrown
  }
}

/** The figures of a section's pins; events together in one strip and one table, steps of the plan in one list. */
export async function pinnedFigures(context: ReportContext, pins: readonly Pin[]): Promise<readonly Block[]> {
  const events = pins.filter(({ kind }) => kind === 'event')
  const steps = pins.filter(({ kind }) => kind === 'plan-item')
  const others = pins.filter(({ kind }) => kind !== 'event' && kind !== 'plan-item')
  const blocks: Block[] = []
  for (const pin of others) blocks.push(...(await figureOf(context, pin)))
  if (steps.length > 0) blocks.push(...(await pinnedSteps(context, steps)))
  if (events.length > 0) blocks.push(...(await pinnedEvents(context, events)))
  return blocks
}

async function figureOf(context: ReportContext, pin: Pin): Promise<readonly Block[]> {
  try {
    switch (pin.kind) {
      case 'view':
        return await viewFigure(context, pin)
      case 'story':
        return await storyFigures(context, pin)
      case 'entity':
        return await entityFigure(context, pin)
      case 'relation':
        return await relationFigure(context, pin)
      case 'detection':
        return await detectionFigure(context, pin)
      default:
        return []
    }
  } catch (thrown) {
    // What a pin points at may be gone: its evidence was removed, or correlation does not find it again.
    if (thrown instanceof WorkbenchError && thrown.code === 'request.not_found') return []
    throw thrown
  }
}

type Figured = 'view' | 'story' | 'entity' | 'strip' | 'lanes' | 'proof' | 'matrix' | 'mail'

/** The analyst's caption, else ours with the name of the thing; either says what the marks mean. */
const captionOf = (pin: Pin, kind: Figured, zone: string, name: string | Words = pin.name): Words =>
  pin.text.trim() === ''
    ? shared(`pin.${kind}`, { name, zone })
    : shared('pin.text', { text: pin.text, legend: shared(`legend.${kind}`, { zone }) })

const cut = (context: ReportContext, shown: number, all: number): readonly Block[] =>
  shown >= all ? [] : [{ block: 'paragraph', text: [shared('pin.cut', { shown, all })], look: 'note' }]

/** What we need of the states that the screens save (renderer/graph/view-state.ts, renderer/stores/timeline.ts); anything else is no figure. */
const GraphState = z.object({
  nodes: z.array(z.string()),
  /** Null: all relations between the nodes. */
  edges: z.array(z.string()).nullable(),
  /** What was drawn and where; a folded branch is not among it. */
  positions: z.record(z.string(), z.tuple([z.number(), z.number()])),
  hidden: z.array(z.string()),
  groups: z.array(z.array(z.string())),
  kindsOff: z.array(z.string()),
  linesOff: z.array(z.string()),
  path: z.object({ relations: z.array(z.string()) }).nullable(),
  /** Whether relations that were not observed belong to the picture. */
  possible: z.boolean().default(true),
})
/** Facets somebody chose, by the ids of what they name. */
const Chosen = z
  .array(z.object({ id: z.string() }))
  .max(100)
  .default([])
const TimelineState = z.object({
  text: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  entity: z.object({ id: z.string() }).nullable(),
  kinds: z.array(z.enum(EVENT_KINDS)).default([]),
  endpoint: Chosen,
  user: Chosen,
  source: Chosen,
})

async function viewFigure(context: ReportContext, pin: Pin): Promise<readonly Block[]> {
  const view = await context.ask('view.get', { id: pin.target })
  const draw =
    view.screen === 'timeline' ? timelineFigure : view.screen === 'mail' ? mailFigure : pictureFigure
  const blocks = await draw(context, pin, view.state)
  if (blocks.length > 0) return blocks
  // A figure that somebody pinned and that is not there is said, never passed over.
  return [{ block: 'paragraph', text: [shared('pin.empty', { name: pin.name })], look: 'note' }]
}

/** A saved picture of the graph, everything where it stood. */
async function pictureFigure(context: ReportContext, pin: Pin, value: unknown): Promise<readonly Block[]> {
  const state = GraphState.safeParse(value)
  if (!state.success) return []
  const { nodes, edges, hidden, groups, kindsOff, linesOff, path, possible } = state.data
  const places = new Map<string, PlacedNode['at']>(Object.entries(state.data.positions))
  // Members of a group stand behind its one knot on the screen; on paper they are left out and counted.
  const grouped = new Set(groups.flat())
  const isDrawn = (id: string): boolean =>
    (places.size === 0 || places.has(id)) && !hidden.includes(id) && !grouped.has(id)
  const wanted = nodes.filter((id) => /^\d{1,19}$/.test(id) && isDrawn(id))
  if (wanted.length === 0) return []
  const slice = await context.ask('graph.among', { entities: wanted.slice(0, MAX_NODES), possible })
  const kept = edges === null ? null : new Set(edges)
  const onPath = new Set(path?.relations)
  const lines = slice.edges.filter(
    (edge) =>
      (kept === null || kept.has(edge.id)) &&
      !kindsOff.includes(edge.kind) &&
      !linesOff.includes(edge.observed ? 'observed' : 'possible'),
  )
  const figure = graphFigure(
    slice.nodes.map((node) => ({ ...node, at: places.get(node.id) ?? null })),
    lines.map((edge) => ({ ...edge, onPath: onPath.has(edge.id) })),
    captionOf(pin, 'view', context.case.zone),
  )
  return figure === undefined ? [] : [figure, ...cut(context, slice.nodes.length, nodes.length)]
}

async function timelineFigure(context: ReportContext, pin: Pin, value: unknown): Promise<readonly Block[]> {
  const state = TimelineState.safeParse(value)
  if (!state.success) return []
  const { text, from, to, entity: about, kinds, endpoint, user, source } = state.data
  const idsOf = (chosen: typeof endpoint) => (chosen.length === 0 ? null : chosen.map(({ id }) => id))
  const found = await context.ask('event.search', {
    text,
    from,
    to,
    entityId: about?.id ?? null,
    kinds: kinds.length === 0 ? null : kinds,
    endpointIds: idsOf(endpoint),
    userIds: idsOf(user),
    evidenceIds: idsOf(source),
    limit: MAX_MARKS,
  })
  const marks = found.rows.map((row) => eventMark(row, false))
  const figure = lanesFigure(marks, (at) => context.time(at), captionOf(pin, 'lanes', context.case.zone))
  return figure === undefined
    ? []
    : [figure, ...cut(context, found.rows.length, found.total ?? found.rows.length)]
}

/** Messages of a saved view of mail over time, by sender. */
async function mailFigure(context: ReportContext, pin: Pin, value: unknown): Promise<readonly Block[]> {
  const state = MailState.safeParse(value)
  if (!state.success) return []
  const found = await messagesOf(context, state.data, MAX_MARKS)
  const figure = lanesFigure(
    found.rows.map((row) => ({
      at: row.deliveredAt ?? row.sentAt,
      lane: { id: row.from, kind: 'mailbox', name: row.from },
      isRed: row.touched,
    })),
    (at) => context.time(at),
    captionOf(pin, 'mail', context.case.zone),
  )
  return figure === undefined ? [] : [figure, ...cut(context, found.rows.length, found.total)]
}

/** The analyst's pins of steps as one figure; each caption of theirs is a line of its own below it. */
async function pinnedSteps(context: ReportContext, pins: readonly Pin[]): Promise<readonly Block[]> {
  const plan = await context.ask('plan.list', {})
  const byId = new Map(plan.items.map((item) => [item.id, item]))
  const items = pins.flatMap(({ target }) => byId.get(target) ?? [])
  const figure = planFigure(items, shared('pin.plan'))
  const said = pins.filter(({ target, text }) => byId.has(target) && text.trim() !== '')
  return figure === undefined
    ? []
    : [
        figure,
        ...(said.length === 0
          ? []
          : [{ block: 'list' as const, items: said.map(({ text }) => [outside(text)]) }]),
      ]
}

type Event = ResultOf<'event.search'>['rows'][number]
const eventMark = (event: Event, isRed: boolean): LaneMark => ({
  at: event.at,
  lane: event.endpoint ?? event.user,
  isRed,
})

async function storyFigures(context: ReportContext, pin: Pin): Promise<readonly Block[]> {
  const [story, chain, steps] = await Promise.all([
    context.ask('story.get', { id: pin.target }),
    context.ask('story.chain', { id: pin.target, limit: MAX_LAID_OUT }),
    context.ask('story.timeline', { id: pin.target, limit: MAX_MARKS }),
  ])
  const title: Words = { kind: 'words', ...story.title, asLabel: true }
  const zone = context.case.zone
  const caption = (kind: 'story' | 'strip'): Words => captionOf(pin, kind, zone, title)
  const graph = graphFigure(
    chain.nodes.map((node) => ({ ...node, at: null })),
    chain.edges,
    caption('story'),
  )
  const strip = lanesFigure(
    steps.rows.map((step) => ({
      at: step.at,
      lane: [step.to, step.from].find((one) => one?.kind === 'endpoint' || one?.kind === 'user') ?? step.from,
      isRed: step.isKey,
    })),
    (at) => context.time(at),
    caption('strip'),
  )
  return [
    ...(graph === undefined ? [] : [graph, ...cut(context, chain.nodes.length, chain.total.nodes)]),
    ...(strip === undefined ? [] : [strip]),
  ]
}

async function entityFigure(context: ReportContext, pin: Pin): Promise<readonly Block[]> {
  const row = await context.ask('entity.get', { id: pin.target })
  const named = { ...pin, name: printedName(row) }
  if (row.kind === 'message') {
    const matrix = await context.ask('exposure.matrix', { entity: row.id, limit: MAX_RECIPIENTS })
    const figure = matrixFigure(matrix.rows, captionOf(named, 'matrix', context.case.zone))
    return figure === undefined
      ? []
      : [figure, ...cut(context, matrix.rows.length, matrix.counts.recipients + matrix.counts.others)]
  }
  const slice = await context.ask('chain.around', { entity: row.id, depth: 2, limit: MAX_LAID_OUT })
  const figure = graphFigure(
    slice.nodes.map((node) => ({ ...node, at: null })),
    slice.edges,
    captionOf(named, 'entity', context.case.zone),
  )
  return figure === undefined ? [] : [figure, ...cut(context, slice.nodes.length, slice.total.nodes)]
}

async function relationFigure(context: ReportContext, pin: Pin): Promise<readonly Block[]> {
  const row = await context.ask('relation.get', { id: pin.target })
  const nodes = [row.from, row.to].map((ref) => ({ ...ref, detail: '', at: null }))
  const { zone } = context.case
  const caption = captionOf(
    { ...pin, name: `${printedName(row.from)} → ${printedName(row.to)}` },
    'view',
    zone,
  )
  const figure = graphFigure(nodes, [{ ...row, from: row.from.id, to: row.to.id, onPath: true }], caption)
  const cites = citeProofs(context.cite, { sources: row.sources, total: row.sources.length })
  return figure === undefined
    ? []
    : [figure, { block: 'paragraph', text: [{ kind: 'words', ...row.reason }, ...cites] }]
}

async function detectionFigure(context: ReportContext, pin: Pin): Promise<readonly Block[]> {
  const row = await context.ask('detection.get', { id: pin.target })
  const title: Words = { kind: 'words', ...row.title, asLabel: true }
  const { zone } = context.case
  const caption = captionOf(pin, 'proof', zone, title)
  const figure = lanesFigure(
    row.proof.map((event) => eventMark(event, true)),
    (at) => context.time(at),
    caption,
  )
  const cites = citeProofs(context.cite, { sources: row.sources, total: row.eventTotal })
  const line: Line = [title, entity(row.subject, true), { kind: 'words', ...row.reason }, ...cites]
  return [...(figure === undefined ? [] : [figure]), { block: 'paragraph', text: line }]
}

async function pinnedEvents(context: ReportContext, pins: readonly Pin[]): Promise<readonly Block[]> {
  const { time, case: info } = context
  const events: (ResultOf<'event.get'> & { readonly pin: Pin })[] = []
  for (const pin of pins) events.push({ ...(await context.ask('event.get', { id: pin.target })), pin })
  events.sort((a, b) =>
    (a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : Number(a.id) - Number(b.id),
  )
  const figure = lanesFigure(
    events.map((event) => eventMark(event, true)),
    (at) => time(at),
    shared('pin.events', { zone: info.zone }),
  )
  const rows: Row[] = events.map((event) => ({
    cells: [
      [event.at === null ? shared('undated') : outside(time(event.at, 'millisecond'))],
      event.endpoint ? [entity(event.endpoint)] : event.user ? [entity(event.user)] : [],
      [
        { ...words(`event.kind.${event.kind}`), fallback: event.kind },
        { kind: 'break' },
        outside(event.summary, 'mono'),
        ...(event.pin.text === '' ? [] : [{ kind: 'break' as const }, outside(event.pin.text, 'emphasis')]),
      ],
      [context.cite(event.source.evidenceId, event.source.record)],
    ],
  }))
  return [
    ...(figure === undefined ? [] : [figure]),
    {
      block: 'table',
      caption: shared('pin.eventTable'),
      columns: [
        { header: shared('column.time', { zone: info.zone }), width: 17 },
        { header: shared('column.endpoint'), width: 18 },
        { header: shared('column.event'), width: 53 },
        { header: shared('column.evidence'), width: 12 },
      ],
      rows,
      empty: shared('none'),
    },
  ]
}
