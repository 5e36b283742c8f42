import type { ReportContext } from '../context.ts'
import { entity, lineBreak, outside, words as keyed, type Block } from '../document.ts'
import { citeSparingly } from '../facts/citations.ts'
import { findStory } from '../facts/story.ts'
import { stripFigure } from '../figures/strip-figure.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

/** Events printed; a relation may cite up to twenty. */
const MAX_EVENTS = 120
/** Enough bars for the text width. */
const BUCKETS = 160

export default {
  id: 'timeline',
  order: 70,
  texts: {
    en: {
      title: 'Timeline',
      description: 'The span of the case and of the path as a strip, and the cited events in order of time.',
      figure:
        'All events of the case (bars, heights by logarithm) and the numbered steps of the path (red). Times in {zone}.',
      events: 'Events that the path cites',
      what: 'What happened',
      left: '{count} more cited events are not printed; the workbench shows them under the steps of the path.',
      empty: 'No dated event is cited by a path.',
    },
    'zh-TW': {
      title: '時間軸',
      description: '以時間帶呈現案件與路徑的時間範圍，並依時間順序列出所引用的事件。',
      figure: '案件的所有事件（長條，高度取對數）與路徑的各編號步驟（紅色）。時間以 {zone} 表示。',
      events: '路徑引用的事件',
      what: '發生的事',
      left: '另有 {count} 筆引用事件未列印；可於工作台中該路徑的各步驟查看。',
      empty: '沒有路徑引用任何有時間的事件。',
    },
    ja: {
      title: 'タイムライン',
      description: 'ケースと経路の期間を帯で示し、引用したイベントを時刻順に並べます。',
      figure: 'ケースの全イベント（棒、高さは対数）と経路の各段階の番号（赤）。日時は {zone}。',
      events: '経路が引用するイベント',
      what: '内容',
      left: '引用イベントのうち {count} 件は印刷していません。ワークベンチの各段階で確認できます。',
      empty: '経路が引用する日時付きのイベントはありません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words, ask, case: info, time } = context
    const story = await findStory(context)
    if (story === undefined) return [{ block: 'paragraph', text: [words('empty')], look: 'note' }]
    const histogram = await ask('event.histogram', { buckets: BUCKETS })
    const figure = stripFigure({
      buckets: histogram.buckets,
      bucketSeconds: histogram.bucketSeconds,
      steps: story.path.hops.map((hop) => hop.at),
      time: (at) => time(at),
      caption: words('figure', { zone: info.zone }),
    })
    const ids = [...new Set(story.path.hops.flatMap((hop) => hop.events))]
    const table = await eventTable(context, ids.slice(0, MAX_EVENTS))
    const left = ids.length - MAX_EVENTS
    return [
      ...(figure ? [figure] : []),
      table,
      ...(left > 0
        ? [{ block: 'paragraph' as const, text: [words('left', { count: left })], look: 'note' as const }]
        : []),
    ]
  },
} satisfies Section

async function eventTable(context: ReportContext, ids: readonly string[]): Promise<Block> {
  const { words, ask, time, case: info } = context
  const events = await Promise.all(ids.map((id) => ask('event.get', { id })))
  const sorted = [...events].sort((a, b) =>
    (a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : Number(a.id) - Number(b.id),
  )
  const cite = citeSparingly(context)
  return {
    block: 'table',
    caption: words('events'),
    columns: [
      { header: shared('column.time', { zone: info.zone }), width: 15 },
      { header: shared('column.endpoint'), width: 13 },
      { header: shared('column.user'), width: 13 },
      { header: words('what'), width: 49 },
      { header: shared('column.evidence'), width: 10 },
    ],
    rows: sorted.map((event) => ({
      cells: [
        [event.at === null ? shared('undated') : outside(time(event.at, 'millisecond'))],
        event.endpoint ? [entity(event.endpoint)] : [],
        event.user ? [entity(event.user)] : [],
        [
          { ...keyed(`event.kind.${event.kind}`), fallback: event.kind },
          lineBreak,
          outside(event.summary, 'mono'),
        ],
        [cite(event.source.evidenceId, event.source.record)],
      ],
    })),
    empty: words('empty'),
  }
}
