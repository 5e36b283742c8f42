import { noPathOfEnds } from '../facts/no-path.ts'
import { basisOf } from '../facts/basis.ts'
import type { EntityRef } from '../../contract/shapes.ts'
import type { ReportContext } from '../context.ts'
import { confidence, entity, lineBreak, outside, type Block, type Line } from '../document.ts'
import { printedName } from '../entity-text.ts'
import { citeHop } from '../facts/citations.ts'
import { placesOf, type Places } from '../facts/places.ts'
import { findStory, type Hop, type Story } from '../facts/story.ts'
import { pathFigure } from '../figures/path-figure.ts'
import type { Section } from '../section.ts'
import { relationWords, shared } from '../words.ts'
import { besidePath } from './narrative/beside.ts'
import { besideTexts } from './narrative/beside-texts.ts'

export default {
  id: 'narrative',
  order: 90,
  options: [
    { id: 'figure', kind: 'flag', default: true },
    { id: 'reasons', kind: 'flag', default: true },
    { id: 'beside', kind: 'flag', default: true },
    { id: 'others', kind: 'number', default: 10, min: 0, max: 20 },
  ],
  texts: {
    en: {
      ...besideTexts.en,
      title: 'Attack narrative',
      description:
        'The attack path as a figure, every step with time, rule, confidence and evidence, what else was done, and what was tried in vain.',
      'option.figure': 'Draw the path',
      'option.reasons': 'Say why this path is proposed',
      'option.beside': 'Tell what else was done and what was tried in vain',
      'option.others': 'Other candidates at most',
      suggested:
        'This path is the best candidate that the rules found. Other readings of the same records are possible.',
      ofFinding: 'It belongs to finding {n} of this report.',
      ofLater: 'It belongs to finding {n} of this report; no path is known for the heavier ones.',
      chosen: 'The ends of this path were chosen by the analyst.',
      because: 'Why it is proposed:',
      figure:
        'Attack path from {from} to {to}. Times in {zone}. A dashed step was not observed: the directory allows it. A dotted step is the analyst’s word.',
      hops: 'Steps of the path',
      number: 'No.',
      rule: 'Rule: {rule}',
      standing: 'standing',
      ahead: 'this clock is {seconds} s ahead: {at} by the others',
      behind: 'this clock is {seconds} s behind: {at} by the others',
      others: 'Other candidates',
      steps: 'Steps',
      otherPath: '{count} step | {count} steps',
      alternatives: 'Each of these could be told instead; none was ruled out by the tool.',
    },
    'zh-TW': {
      ...besideTexts['zh-TW'],
      title: '攻擊過程',
      description: '以圖呈現攻擊路徑，逐步列出時間、規則、可信度與證據，以及其他行為與失敗的嘗試。',
      'option.figure': '繪製路徑圖',
      'option.reasons': '說明提出此路徑的理由',
      'option.beside': '敘述另外做了什麼與失敗的嘗試',
      'option.others': '其他候選路徑上限',
      suggested: '此路徑是規則找到的最佳候選。同樣的紀錄仍可能有其他解讀。',
      ofFinding: '它屬於本報告的發現 {n}。',
      ofLater: '它屬於本報告的發現 {n}；權重更高的發現沒有已知的路徑。',
      chosen: '此路徑的起點與終點由分析師指定。',
      because: '提出此路徑的理由：',
      figure:
        '從 {from} 到 {to} 的攻擊路徑。時間以 {zone} 表示。虛線步驟未經觀察，僅為目錄權限所允許。點線步驟為分析師的判斷。',
      hops: '路徑的各步驟',
      number: '序號',
      rule: '規則：{rule}',
      standing: '持續存在',
      ahead: '此時鐘快 {seconds} 秒：依其他時鐘為 {at}',
      behind: '此時鐘慢 {seconds} 秒：依其他時鐘為 {at}',
      others: '其他候選路徑',
      steps: '步驟數',
      otherPath: '{count} 步',
      alternatives: '以上任一條均可作為另一種敘述；工具並未排除其中任何一條。',
    },
    ja: {
      ...besideTexts.ja,
      title: '攻撃の経過',
      description: '攻撃経路の図、各段階の日時・ルール・信頼度・証拠、その他の行動と失敗した試みを示します。',
      'option.figure': '経路を図にする',
      'option.reasons': 'この経路を候補とする理由を示す',
      'option.beside': 'その他の行動と失敗した試みを示す',
      'option.others': 'その他の候補の上限',
      suggested: 'この経路はルールが見つけた最有力の候補です。同じレコードから別の解釈も成り立ち得ます。',
      ofFinding: 'この経路は本報告書の所見 {n} のものです。',
      ofLater: 'この経路は本報告書の所見 {n} のものです。より重い所見の経路は知られていません。',
      chosen: 'この経路の両端は分析者が指定しました。',
      because: '候補とする理由：',
      figure:
        '{from} から {to} への攻撃経路。日時は {zone}。破線の段階は観測されておらず、ディレクトリ上の権限で可能なものです。点線の段階は分析者の判断です。',
      hops: '経路の各段階',
      number: '番号',
      rule: 'ルール：{rule}',
      standing: '常時',
      ahead: 'この時計は {seconds} 秒進んでいる：他の時計では {at}',
      behind: 'この時計は {seconds} 秒遅れている：他の時計では {at}',
      others: 'その他の候補',
      steps: '段階数',
      otherPath: '{count} 段階',
      alternatives: 'いずれも別の筋書きになり得ます。ツールが除外したものはありません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words, flag, count, case: info } = context
    const story = await findStory(context)
    if (story === undefined)
      return [{ block: 'paragraph', text: [(await noPathOfEnds(context)) ?? shared('noPath')] }]
    const places = await placesOf(context, story.path)
    const caption = words('figure', {
      from: printedName(story.from),
      to: printedName(story.to),
      zone: info.zone,
    })
    const blocks: Block[] = [
      {
        block: 'paragraph',
        text: [
          words(story.isChosen ? 'chosen' : 'suggested'),
          ...(story.finding === null
            ? []
            : [words(story.finding === 1 ? 'ofFinding' : 'ofLater', { n: story.finding })]),
        ],
      },
      ...(flag('figure') ? [pathFigure(story.path, places, (at) => context.time(at), caption)] : []),
      await hopTable(context, story.path.hops, places),
    ]
    if (flag('reasons') && story.reasons.length > 0) {
      const items = story.reasons.map((reason): Line => [{ kind: 'words', ...reason }])
      blocks.push({ block: 'paragraph', text: [words('because')] }, { block: 'list', items })
    }
    if (flag('beside')) blocks.push(...(await besidePath(context, story)))
    const others = story.others.slice(0, count('others'))
    if (others.length > 0) blocks.push(...otherPaths(context, others))
    return blocks
  },
} satisfies Section

/** What stands beside a step that no record shows. */
function unproved({ relation, observed }: Hop): Line {
  const basis = basisOf(relation, observed)
  return basis === 'observed' ? [] : [lineBreak, shared(basis === 'analyst' ? 'saidByAnalyst' : 'possible')]
}

/** As recorded; where the clock that recorded it is off, also what the clocks that agree say: the order of steps goes by that. */
function hopTime({ words, time }: ReportContext, { at, clock }: Hop): Line {
  if (at === null) return [words('standing')]
  if (clock == null) return [outside(time(at))]
  const said = { seconds: Math.abs(clock.aheadSeconds), at: time(clock.rightAt) }
  return [outside(time(at)), lineBreak, words(clock.aheadSeconds > 0 ? 'ahead' : 'behind', said)]
}

async function hopTable(context: ReportContext, hops: readonly Hop[], places: Places): Promise<Block> {
  const { words, case: info } = context
  const placed = (ref: EntityRef): Line => {
    const endpoint = places.get(ref.id)
    return [entity(ref, true), ...(endpoint === undefined ? [] : [lineBreak, outside(endpoint)])]
  }
  const rows = hops.map(async (hop, index) => ({
    cells: [
      [outside(String(index + 1))],
      hopTime(context, hop),
      placed(hop.from),
      [
        relationWords(hop.relation),
        ...unproved(hop),
        lineBreak,
        { kind: 'words' as const, ...hop.reason },
        lineBreak,
        words('rule', { rule: hop.rule }),
      ],
      placed(hop.to),
      [confidence(hop.confidence)],
      await citeHop(context, hop),
    ],
  }))
  return {
    block: 'table',
    caption: words('hops'),
    columns: [
      { header: words('number'), width: 5, align: 'left' },
      { header: shared('column.time', { zone: info.zone }), width: 13 },
      { header: shared('column.from'), width: 19 },
      { header: shared('column.relation'), width: 23 },
      { header: shared('column.to'), width: 19 },
      { header: shared('column.confidence'), width: 11 },
      { header: shared('column.evidence'), width: 10 },
    ],
    rows: await Promise.all(rows),
    empty: shared('noPath'),
  }
}

function otherPaths({ words, time, case: info }: ReportContext, others: Story['others']): readonly Block[] {
  return [
    {
      block: 'table',
      caption: words('others'),
      columns: [
        { header: shared('column.time', { zone: info.zone }), width: 20 },
        { header: shared('column.from'), width: 27 },
        { header: shared('column.to'), width: 27 },
        { header: words('steps'), width: 12 },
        { header: shared('column.confidence'), width: 14 },
      ],
      rows: others.map((other) => ({
        cells: [
          [outside(time(other.path.startAt))],
          [entity(other.from, true)],
          [entity(other.to, true)],
          [words('otherPath', { count: other.path.hops.length })],
          [confidence(other.path.confidence)],
        ],
      })),
      empty: shared('none'),
    },
    { block: 'paragraph', text: [words('alternatives')], look: 'note' },
  ]
}
