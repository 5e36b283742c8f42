import type { ReportContext } from '../context.ts'
import type { Block } from '../document.ts'
import { findStory, type Story } from '../facts/story.ts'
import { stripFigure } from '../figures/strip-figure.ts'
import type { Section } from '../section.ts'
import { allEvents, citedEvents, markedEvents } from './timeline/tables.ts'

/** Enough bars for the text width. */
const BUCKETS = 160

export default {
  id: 'timeline',
  order: 100,
  options: [
    { id: 'rows', kind: 'choice', default: 'cited', values: ['cited', 'marked', 'all'] },
    { id: 'max', kind: 'number', default: 120, min: 1, max: 1_000_000 },
    { id: 'figure', kind: 'flag', default: true },
  ],
  texts: {
    en: {
      title: 'Timeline',
      description: 'The span of the case and of the path as a strip, and the cited events in order of time.',
      figure:
        'All events of the case (bars, heights by logarithm) and the steps of the path: marks across the bars, and as numbered knots on the line below (red in colour). Times in {zone}.',
      'option.rows': 'Events',
      'option.rows.cited': 'those that the path cites',
      'option.rows.marked': 'those that the analyst marked',
      'option.rows.all': 'all events of the case',
      'option.max': 'Rows at most',
      'option.figure': 'Draw the strip',
      events: 'Events that the path cites',
      marked: 'Events that the analyst marked',
      all: 'All events of the case, oldest first',
      cut: 'The preview shows the first {shown} rows.',
      most: 'Shown are the first {shown} of {all} events; the setting of this section decides how many.',
      noMarked: 'No event of the case is marked.',
      noEvents: 'The case holds no event.',
      what: 'What happened',
      left: '{count} more cited event is not printed; the workbench shows it under the steps of the path. | {count} more cited events are not printed; the workbench shows them under the steps of the path.',
      empty: 'No dated event is cited by a path.',
    },
    'zh-TW': {
      title: '時間軸',
      description: '以時間帶呈現案件與路徑的時間範圍，並依時間順序列出所引用的事件。',
      figure:
        '案件的所有事件（長條，高度取對數），以及路徑的各步驟：長條上的標記與下方線上的編號節點（彩色時為紅色）。時間以 {zone} 表示。',
      'option.rows': '事件',
      'option.rows.cited': '路徑所引用者',
      'option.rows.marked': '分析師標記者',
      'option.rows.all': '案件的所有事件',
      'option.max': '最多列數',
      'option.figure': '繪製時間帶',
      events: '路徑引用的事件',
      marked: '分析師標記的事件',
      all: '案件的所有事件，由舊至新',
      cut: '預覽僅顯示前 {shown} 列。',
      most: '僅列出 {all} 筆事件中的前 {shown} 筆；數量由本節設定決定。',
      noMarked: '案件中沒有標記的事件。',
      noEvents: '案件中沒有事件。',
      what: '發生的事',
      left: '另有 {count} 筆引用事件未列印；可於工作台中該路徑的各步驟查看。',
      empty: '沒有路徑引用任何有時間的事件。',
    },
    ja: {
      title: 'タイムライン',
      description: 'ケースと経路の期間を帯で示し、引用したイベントを時刻順に並べます。',
      figure:
        'ケースの全イベント（棒、高さは対数）と経路の各段階：棒に重ねた目印と、下の線上の番号付きの結び目（カラーでは赤）。日時は {zone}。',
      'option.rows': 'イベント',
      'option.rows.cited': '経路が引用するもの',
      'option.rows.marked': '分析者が印を付けたもの',
      'option.rows.all': 'ケースの全イベント',
      'option.max': '最大行数',
      'option.figure': '帯を描く',
      events: '経路が引用するイベント',
      marked: '分析者が印を付けたイベント',
      all: 'ケースの全イベント（古い順）',
      cut: 'プレビューは先頭の {shown} 行のみを示します。',
      most: '全 {all} 件のうち先頭の {shown} 件を示します。件数はこの章の設定によります。',
      noMarked: '印の付いたイベントはありません。',
      noEvents: 'ケースにイベントはありません。',
      what: '内容',
      left: '引用イベントのうち {count} 件は印刷していません。ワークベンチの各段階で確認できます。',
      empty: '経路が引用する日時付きのイベントはありません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words, choice, flag } = context
    const story = await findStory(context)
    const rows = choice('rows')
    const figure = story === undefined || !flag('figure') ? undefined : await strip(context, story)
    if (rows === 'all') return [...(figure ? [figure] : []), ...(await allEvents(context))]
    if (rows === 'marked') return [...(figure ? [figure] : []), ...(await markedEvents(context))]
    if (story === undefined) return [{ block: 'paragraph', text: [words('empty')], look: 'note' }]
    return [...(figure ? [figure] : []), ...(await citedEvents(context, story))]
  },
} satisfies Section

async function strip(context: ReportContext, story: Story): Promise<Block | undefined> {
  const { words, ask, time, case: info } = context
  const histogram = await ask('event.histogram', { buckets: BUCKETS })
  return stripFigure({
    buckets: histogram.buckets,
    bucketSeconds: histogram.bucketSeconds,
    steps: story.path.hops.map((hop) => hop.at),
    time: (at) => time(at),
    caption: words('figure', { zone: info.zone }),
  })
}
