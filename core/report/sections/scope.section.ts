import { plainMarkdown } from '../analyst-text.ts'
import type { ReportContext } from '../context.ts'
import { number, type Block, type Line } from '../document.ts'
import { readinessTable } from '../facts/readiness.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

/** Items named beside their number; the inventory lists all. */
const MAX_ITEMS = 30

export default {
  id: 'scope',
  order: 40,
  options: [{ id: 'answerable', kind: 'flag', default: true }],
  texts: {
    en: {
      title: 'Scope and questions',
      description:
        'What was asked, what was looked at and what was not, and what each question can be answered with.',
      'option.answerable': 'Print what the sources at hand can answer',
      questions: 'Questions put',
      noQuestions: 'No questions were written down for this report.',
      scope: 'What was agreed',
      noScope:
        'No limits were written down: everything below is what the case holds, not necessarily everything there is.',
      seen: 'What was looked at',
      items: 'Evidence items',
      records: 'Records read',
      events: 'Events with a time',
      messages: 'Messages',
      directory: 'Directory objects',
      span: 'Time covered',
      spanOf: '{from} to {to} ({zone})',
      sensors: 'Endpoints with sensor records',
      sensorsOf: '{count}, beside {missing} that only other sources name',
      answerable: 'What the sources at hand can answer',
      state: 'State',
      condition: 'Question the tool can follow',
      meaning: 'In this case',
      'state.met': 'yes',
      'state.partly': 'in part',
      'state.unmet': 'no',
      noReadiness: 'Nothing is known of the sources yet.',
    },
    'zh-TW': {
      title: '範圍與問題',
      description: '所提出的問題、檢視與未檢視的範圍，以及現有來源能回答到什麼程度。',
      'option.answerable': '列印現有來源能回答的問題',
      questions: '所提出的問題',
      noQuestions: '本報告未記載所提出的問題。',
      scope: '約定的範圍',
      noScope: '未記載任何限制：以下為案件中所有的內容，不一定是全部實情。',
      seen: '檢視的內容',
      items: '證據項目',
      records: '讀取的紀錄',
      events: '有時間的事件',
      messages: '郵件',
      directory: '目錄物件',
      span: '涵蓋時間',
      spanOf: '{from} 至 {to}（{zone}）',
      sensors: '有感測器紀錄的端點',
      sensorsOf: '{count} 台；另有 {missing} 台僅見於其他來源',
      answerable: '現有來源能回答的問題',
      state: '狀態',
      condition: '工具可追查的問題',
      meaning: '在本案件中',
      'state.met': '可以',
      'state.partly': '部分可以',
      'state.unmet': '不可以',
      noReadiness: '目前對來源一無所知。',
    },
    ja: {
      title: '調査範囲と問い',
      description: '何が問われ、何を調べ、何を調べていないか、各問いにどこまで答えられるか。',
      'option.answerable': '手元の記録元で答えられることを印字する',
      questions: '提示された問い',
      noQuestions: '本報告書には問いが記載されていません。',
      scope: '合意した範囲',
      noScope:
        '範囲の制限は記載されていません。以下はケースにあるもののすべてであり、存在するもののすべてとは限りません。',
      seen: '調べた対象',
      items: '証拠',
      records: '読み取ったレコード',
      events: '日時のあるイベント',
      messages: 'メール',
      directory: 'ディレクトリのオブジェクト',
      span: '対象期間',
      spanOf: '{from} から {to}（{zone}）',
      sensors: 'センサーの記録があるエンドポイント',
      sensorsOf: '{count} 台。ほかに {missing} 台は他の記録元にのみ現れます',
      answerable: '手元の記録元で答えられること',
      state: '可否',
      condition: 'ツールが追跡できる問い',
      meaning: 'このケースでは',
      'state.met': '可',
      'state.partly': '一部可',
      'state.unmet': '不可',
      noReadiness: '記録元についてまだ何も分かっていません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words, settings, flag } = context
    const said = async (text: string, none: string): Promise<readonly Block[]> =>
      text.trim() === ''
        ? [{ block: 'paragraph', text: [words(none)], look: 'note' }]
        : plainMarkdown(context, text)
    return [
      { block: 'heading', text: [words('questions')] },
      ...(await said(settings.questions, 'noQuestions')),
      { block: 'heading', text: [words('scope')] },
      ...(await said(settings.scope, 'noScope')),
      { block: 'heading', text: [words('seen')] },
      await figures(context),
      ...(flag('answerable') ? [await answerable(context)] : []),
    ]
  },
} satisfies Section

async function figures({ words, ask, time, case: info }: ReportContext): Promise<Block> {
  const [evidence, overview, histogram] = await Promise.all([
    ask('evidence.list', {}),
    ask('overview.get', {}),
    ask('event.histogram', { buckets: 10 }),
  ])
  const first = evidence.flatMap(({ firstAt }) => firstAt ?? []).sort()[0]
  const last = evidence
    .flatMap(({ lastAt }) => lastAt ?? [])
    .sort()
    .at(-1)
  const span: Line =
    first === undefined || last === undefined
      ? [shared('unknown')]
      : [words('spanOf', { from: time(first), to: time(last), zone: info.zone })]
  const items = evidence.slice(0, MAX_ITEMS).map(({ id }) => ({ kind: 'cite' as const, ref: `E${id}` }))
  return {
    block: 'pairs',
    rows: [
      {
        label: words('items'),
        value: [
          number(evidence.length),
          ...items,
          ...(evidence.length > MAX_ITEMS ? [shared('more', { n: evidence.length - MAX_ITEMS })] : []),
        ],
      },
      { label: words('records'), value: [number(evidence.reduce((sum, { read }) => sum + read, 0))] },
      { label: words('events'), value: [number(Math.max(0, info.counts.events - histogram.undated))] },
      { label: words('messages'), value: [number(info.counts.messages)] },
      { label: words('directory'), value: [number(info.counts.directoryObjects)] },
      { label: words('span'), value: span },
      {
        label: words('sensors'),
        value: [
          words('sensorsOf', {
            count: overview.endpointsWithSensor,
            missing: overview.endpointsWithoutSensor.length,
          }),
        ],
      },
    ],
  }
}

const answerable = async (context: ReportContext): Promise<Block> =>
  readinessTable(context, await context.ask('overview.get', {}), 'answerable')
