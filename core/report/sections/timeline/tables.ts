import type { ResultOf } from '../../../contract/types.ts'
import type { ReportContext } from '../../context.ts'
import {
  entity,
  lineBreak,
  outside,
  words as keyed,
  type Block,
  type Column,
  type Row,
  type Words,
} from '../../document.ts'
import { citeSparingly, type Cite } from '../../facts/citations.ts'
import type { Story } from '../../facts/story.ts'
import { shared } from '../../words.ts'

type Event = ResultOf<'event.search'>['rows'][number]

/** Events asked for at once; a page is all that a long table holds in memory. */
const PAGE = 1000

const columns = ({ words, case: info }: ReportContext): readonly Column[] => [
  { header: shared('column.time', { zone: info.zone }), width: 15 },
  { header: shared('column.endpoint'), width: 13 },
  { header: shared('column.user'), width: 13 },
  { header: words('what'), width: 49 },
  { header: shared('column.evidence'), width: 10 },
]

const row = ({ time }: ReportContext, cite: Cite, event: Event): Row => ({
  cells: [
    [event.at === null ? shared('undated') : outside(time(event.at, 'millisecond'))],
    event.endpoint ? [entity(event.endpoint)] : [],
    event.user ? [entity(event.user)] : [],
    [
      { ...keyed(`event.kind.${event.kind}`), fallback: event.kind },
      lineBreak,
      outside(event.summary, 'mono'),
    ],
    [cite(event.evidenceId, event.record)],
  ],
})

const note = (text: Words): Block => ({ block: 'paragraph', text: [text], look: 'note' })

const byTime = (a: Event, b: Event): number =>
  (a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : Number(a.id) - Number(b.id)

function shortTable(context: ReportContext, events: readonly Event[], caption: Words, empty: Words): Block {
  const cite = citeSparingly(context)
  return {
    block: 'table',
    caption,
    columns: columns(context),
    rows: [...events].sort(byTime).map((event) => row(context, cite, event)),
    empty,
  }
}

/** Events that the steps of the path cite. */
export async function citedEvents(context: ReportContext, story: Story): Promise<readonly Block[]> {
  const { words, ask, count } = context
  const ids = [...new Set(story.path.hops.flatMap((hop) => hop.events))]
  const events = await Promise.all(ids.slice(0, count('max')).map((id) => ask('event.get', { id })))
  const left = ids.length - events.length
  return [
    shortTable(context, events, words('events'), words('empty')),
    ...(left > 0 ? [note(words('left', { count: left }))] : []),
  ]
}

/** Events that the analyst flagged, tagged, noted, judged or pinned. */
export async function markedEvents(context: ReportContext): Promise<readonly Block[]> {
  const { words, ask, count } = context
  const ids = new Set<string>()
  let cursor: string | null = null
  do {
    const page: ResultOf<'work.list'> = await ask('work.list', { kind: 'event', limit: PAGE, cursor })
    for (const { target } of page.rows) if (target.id !== null) ids.add(target.id)
    cursor = page.rows.length > 0 ? page.next : null
  } while (cursor !== null)
  const wanted = [...ids].sort((a, b) => Number(a) - Number(b))
  const events: Event[] = []
  for (const id of wanted.slice(0, count('max'))) events.push(await ask('event.get', { id }))
  return [
    shortTable(context, events, words('marked'), words('noMarked')),
    ...(wanted.length > events.length
      ? [note(words('most', { shown: events.length, all: wanted.length }))]
      : []),
  ]
}

/** Every event in the order of time, page by page while it is drawn. */
export async function allEvents(context: ReportContext): Promise<readonly Block[]> {
  const { words, count, rowLimit, case: info } = context
  const most = Math.min(count('max'), rowLimit ?? Number.POSITIVE_INFINITY)
  const isCut = rowLimit !== null && Math.min(count('max'), info.counts.events) > rowLimit
  if (isCut) context.noteCut()
  return [
    {
      block: 'long-table',
      caption: words('all'),
      columns: columns(context),
      rows: () => pages(context, most),
      empty: words('noEvents'),
    },
    ...(isCut
      ? [note(words('cut', { shown: most }))]
      : info.counts.events > most
        ? [note(words('most', { shown: most, all: info.counts.events }))]
        : []),
  ]
}

async function* pages(context: ReportContext, most: number): AsyncGenerator<Row> {
  const cite: Cite = (evidenceId, record) => context.name(evidenceId, record)
  let left = most
  let cursor: string | null = null
  do {
    const page: ResultOf<'event.search'> = await context.askOnce('event.search', {
      limit: Math.min(PAGE, left),
      order: 'oldest',
      cursor,
    })
    for (const event of page.rows) yield row(context, cite, event)
    left -= page.rows.length
    cursor = left > 0 && page.rows.length > 0 ? page.next : null
  } while (cursor !== null)
}
