import type { RecipientRow } from '../../contract/nouns/mail.ts'
import { isAffectedRole } from '../../contract/nouns/story.ts'
import type { EntityRef, Source } from '../../contract/shapes.ts'
import type { ReportContext } from '../context.ts'
import {
  entity,
  joinLines,
  lineBreak,
  outside,
  type Block,
  type Inline,
  type Line,
  type Words,
} from '../document.ts'
import { citeSparingly, onePerItem, proofsOfHop, proofsOfRelation, type Cite } from '../facts/citations.ts'
import { affectedByFindings, type FindingPart } from '../facts/finding-parts.ts'
import { proofsOf, TOLD_FINDINGS } from '../facts/findings.ts'
import { findLastRetro } from '../facts/retro.ts'
import { entitiesOfKind, findStory, hopsAt } from '../facts/story.ts'
import { findVector } from '../facts/vector.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'
import { affectedRoleTexts } from './affected/role-texts.ts'

const KINDS = ['user', 'endpoint', 'mailbox'] as const
/** Deliveries of the vector whose records are cited; the matrix of the mail section lists all of them. */
const MAX_DELIVERIES = 300

/** Ways in which something is affected, the gravest first. */
const WAYS = ['path', 'finding', 'executed', 'clicked', 'perhaps', 'received', 'exposed'] as const
type Way = (typeof WAYS)[number]

interface Affected {
  readonly entity: EntityRef
  readonly ways: Map<Way, string | null>
  /** What it has to do with findings, the heaviest first. */
  readonly parts: FindingPart[]
  readonly sources: Source[]
}

/** Findings named per row. */
const MAX_FINDINGS = 3

export default {
  id: 'affected',
  order: 130,
  options: [
    { id: 'who', kind: 'choice', default: 'all', values: ['all', 'acted'] },
    { id: 'rows', kind: 'number', default: 1000, min: 1, max: 20_000 },
    { id: 'findings', kind: 'number', default: TOLD_FINDINGS, min: 0, max: 200 },
  ],
  texts: {
    en: {
      ...affectedRoleTexts.en,
      title: 'Affected users, endpoints and mailboxes',
      description: 'Who and what the path, the findings, the mail vector and the retro scan touch, and how.',
      'option.who': 'Whom to list',
      'option.who.all': 'all, also those who only received',
      'option.who.acted': 'on the path, in a finding, or followed a link or ran something',
      'option.rows': 'Rows at most per table',
      left: '{count} more row is not printed. | {count} more rows are not printed.',
      onlyReceived: '{count} that only received is not listed. | {count} that only received are not listed.',
      users: 'Users',
      endpoints: 'Endpoints',
      mailboxes: 'Mailboxes',
      how: 'How',
      first: 'First at ({zone})',
      path: 'on the attack path',
      executed: 'ran something that came with the message',
      clicked: 'followed a link of the message',
      perhaps: 'perhaps followed a link or ran something of the message: only a name says so',
      received: 'received the message',
      exposed: 'received a message whose URL turned',
      note: 'Affected means touched by what this report describes. It does not mean compromised.',
      emptyUsers: 'No user is affected by what this report describes.',
      emptyEndpoints: 'No endpoint is affected by what this report describes.',
      emptyMailboxes: 'No mailbox is affected by what this report describes.',
    },
    'zh-TW': {
      ...affectedRoleTexts['zh-TW'],
      title: '受影響的使用者、端點與信箱',
      description: '攻擊路徑、發現、郵件攻擊媒介與回溯掃描所涉及的人員與資產，以及涉及方式。',
      'option.who': '列出的對象',
      'option.who.all': '全部，包括僅收到郵件者',
      'option.who.acted': '位於路徑上、與發現有關，或點擊連結、執行內容者',
      'option.rows': '每個表格最多列數',
      left: '另有 {count} 列未列印。',
      onlyReceived: '另有 {count} 個僅收到郵件者未列出。',
      users: '使用者',
      endpoints: '端點',
      mailboxes: '信箱',
      how: '涉及方式',
      first: '最早時間（{zone}）',
      path: '位於攻擊路徑上',
      executed: '執行了隨郵件而來的內容',
      clicked: '點擊了郵件中的連結',
      perhaps: '可能點擊了郵件中的連結或執行了其內容：僅名稱相符',
      received: '收到該郵件',
      exposed: '收到 URL 風險等級改變的郵件',
      note: '「受影響」是指與本報告所述內容有所接觸，並不表示已遭入侵。',
      emptyUsers: '沒有使用者受本報告所述內容影響。',
      emptyEndpoints: '沒有端點受本報告所述內容影響。',
      emptyMailboxes: '沒有信箱受本報告所述內容影響。',
    },
    ja: {
      ...affectedRoleTexts.ja,
      title: '影響を受けたユーザー・エンドポイント・メールボックス',
      description:
        '攻撃経路、所見、メールの侵入経路、レトロスキャンが関わる人と資産、その関わり方を示します。',
      'option.who': '載せる対象',
      'option.who.all': '受信しただけのものを含むすべて',
      'option.who.acted': '経路上のもの、所見に含まれるもの、リンクを開いたもの、実行したもの',
      'option.rows': '表ごとの行数の上限',
      left: 'ほかに {count} 行は印字していません。',
      onlyReceived: '受信しただけの {count} 件は載せていません。',
      users: 'ユーザー',
      endpoints: 'エンドポイント',
      mailboxes: 'メールボックス',
      how: '関わり方',
      first: '最初の日時（{zone}）',
      path: '攻撃経路上にある',
      executed: 'メールに由来するものを実行した',
      clicked: 'メールのリンクを開いた',
      perhaps: 'リンクを開いたか、由来するものを実行した可能性（名前だけが一致）',
      received: 'メールを受信した',
      exposed: '判定が変わった URL を含むメールを受信した',
      note: '「影響を受けた」とは本報告書の内容に触れたことを意味し、侵害されたことを意味しません。',
      emptyUsers: '本報告書の内容から影響を受けたユーザーはありません。',
      emptyEndpoints: '本報告書の内容から影響を受けたエンドポイントはありません。',
      emptyMailboxes: '本報告書の内容から影響を受けたメールボックスはありません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words, count, choice } = context
    const affected = new Map<string, Affected>()
    await fromPath(context, affected)
    await fromFindings(context, affected)
    await fromVector(context, affected)
    await fromRetro(context, affected)
    const captions: Record<(typeof KINDS)[number], readonly [Words, Words]> = {
      user: [words('users'), words('emptyUsers')],
      endpoint: [words('endpoints'), words('emptyEndpoints')],
      mailbox: [words('mailboxes'), words('emptyMailboxes')],
    }
    const cite = citeSparingly(context)
    const tables = KINDS.map((kind) => {
      const [caption, empty] = captions[kind]
      const all = [...affected.values()].filter((one) => one.entity.kind === kind).sort(byGravity)
      const rows = choice('who') === 'all' ? all : all.filter(hasActed)
      const shown = rows.slice(0, count('rows'))
      const [past, only] = [rows.length - shown.length, all.length - rows.length]
      const left = [
        ...(past > 0 ? [words('left', { count: past })] : []),
        ...(only > 0 ? [words('onlyReceived', { count: only })] : []),
      ]
      const note: Block = { block: 'paragraph', text: left, look: 'note' }
      return [table(context, cite, caption, empty, shown), ...(left.length > 0 ? [note] : [])]
    })
    return [...tables.flat(), { block: 'paragraph', text: [words('note')], look: 'note' }]
  },
} satisfies Section

/** It was on the path or in a finding, followed a link or ran something: more than having received. */
const hasActed = (one: Affected): boolean =>
  one.ways.has('path') || one.ways.has('finding') || one.ways.has('executed') || one.ways.has('clicked')
const gravity = (one: Affected): number => WAYS.findIndex((way) => one.ways.has(way))
const byGravity = (a: Affected, b: Affected): number =>
  gravity(a) - gravity(b) ||
  (a.entity.name < b.entity.name
    ? -1
    : a.entity.name > b.entity.name
      ? 1
      : Number(a.entity.id) - Number(b.entity.id))

function table(
  { words, time, case: info }: ReportContext,
  cite: Cite,
  caption: Words,
  empty: Words,
  rows: readonly Affected[],
): Block {
  return {
    block: 'table',
    caption,
    columns: [
      { header: shared('column.name'), width: 28 },
      { header: words('how'), width: 34 },
      { header: words('first', { zone: info.zone }), width: 18 },
      { header: shared('column.evidence'), width: 20 },
    ],
    rows: rows.map((one) => {
      const ways = WAYS.filter((way) => one.ways.has(way))
      const first = [...one.ways.values()].filter((at) => at !== null).sort()[0]
      return {
        cells: [
          [entity(one.entity)],
          joinLines(
            ways.flatMap((way): readonly Line[] =>
              way === 'finding' ? partLines(words, one.parts) : [[words(way)]],
            ),
            lineBreak,
          ),
          [first === undefined ? shared('undated') : outside(time(first))],
          citesOf(cite, one.sources),
        ],
      }
    }),
    empty,
  }
}

/** Records named per row. */
const MAX_NAMED = 6
const citesOf = (cite: Cite, sources: readonly Source[]): readonly Inline[] =>
  [...new Map(sources.map((source) => [`${source.evidenceId}:${source.record}`, source])).values()]
    .slice(0, MAX_NAMED)
    .map((source) => cite(source.evidenceId, source.record))

function note(
  all: Map<string, Affected>,
  ref: EntityRef | null,
  way: Way,
  at: string | null,
  sources: readonly Source[],
): void {
  if (ref === null) return
  const one = all.get(ref.id) ?? { entity: ref, ways: new Map<Way, string | null>(), parts: [], sources: [] }
  const before = one.ways.get(way)
  one.ways.set(way, before == null ? at : at !== null && at < before ? at : before)
  one.sources.push(...sources)
  all.set(ref.id, one)
}

/** What somebody did with a message. */
function noteActs(
  all: Map<string, Affected>,
  row: Pick<RecipientRow, 'user' | 'endpoint' | 'clickedAt' | 'executedAt' | 'perhaps'>,
  sources: readonly Source[],
): void {
  for (const [way, at] of [
    ['clicked', row.clickedAt],
    ['executed', row.executedAt],
  ] as const) {
    if (at === null) continue
    for (const ref of [row.user, row.endpoint])
      note(all, ref, row.perhaps.includes(way) ? 'perhaps' : way, at, sources)
  }
}

async function fromPath(context: ReportContext, all: Map<string, Affected>): Promise<void> {
  const story = await findStory(context)
  if (story === undefined) return
  for (const ref of entitiesOfKind(story.path, ...KINDS)) {
    for (const hop of hopsAt(story.path, ref.id))
      note(all, ref, 'path', hop.at, (await proofsOfHop(context, hop)).sources)
  }
  // The processes of a path say where it ran and under whose name, even when the path does not pass through them.
  for (const process of entitiesOfKind(story.path, 'process')) {
    for (const kind of ['ran-on', 'ran-as'] as const) {
      const { rows } = await context.ask('relation.list', { entityId: process.id, kind, limit: 10 })
      for (const row of rows.filter(
        ({ from, to }) => from.id === process.id && KINDS.some((one) => one === to.kind),
      )) {
        note(all, row.to, 'path', row.firstAt, (await proofsOfRelation(context, row.id)).sources)
      }
    }
  }
}

async function fromFindings(context: ReportContext, all: Map<string, Affected>): Promise<void> {
  for (const part of await affectedByFindings(context, context.count('findings'))) {
    const { entity: ref, firstAt, proof } = part.asset
    const proofs = await proofsOf(context, proof)
    note(all, ref, 'finding', firstAt, proofs.sources)
    all.get(ref.id)?.parts.push(part)
  }
}

/** `finding 1: ran it, account used`: one line per finding. */
function partLines(words: ReportContext['words'], parts: readonly FindingPart[]): readonly Line[] {
  const shown = parts.slice(0, MAX_FINDINGS).map(({ number, asset }): Line => {
    const [first, ...rest] = asset.roles.filter(isAffectedRole).map((role) => words(`role.${role}`))
    const how = rest.reduce((a, b) => words('roles', { a, b }), first ?? words('role.part'))
    return [words(asset.isCandidate ? 'ofFindingLikely' : 'ofFinding', { n: number, how })]
  })
  const left = parts.length - shown.length
  return left > 0 ? [...shown, [words('ofMore', { count: left })]] : shown
}

async function fromVector(context: ReportContext, all: Map<string, Affected>): Promise<void> {
  const message = (await findVector(context))?.message
  if (message === undefined) return
  const deliveries = await context.ask('relation.list', {
    entityId: message.id,
    kind: 'delivered-to',
    limit: MAX_DELIVERIES,
  })
  const proofs = new Map(
    await Promise.all(
      deliveries.rows.map(
        async (row) => [row.to.id, (await proofsOfRelation(context, row.id)).sources] as const,
      ),
    ),
  )
  for (const row of message.recipients) {
    const sources = row.mailbox ? (proofs.get(row.mailbox.id) ?? []) : []
    note(all, row.mailbox, 'received', row.deliveredAt, sources)
    note(all, row.user, 'received', row.deliveredAt, sources)
    noteActs(all, row, sources)
  }
}

async function fromRetro(context: ReportContext, all: Map<string, Affected>): Promise<void> {
  const run = await findLastRetro(context)
  for (const row of (run?.exposure ?? []).slice(0, MAX_DELIVERIES)) {
    const message = await context.ask('mail.get', { id: row.message.id })
    const sources = onePerItem(message.sources).slice(0, 1)
    if (row.isRecipient) note(all, row.user, 'exposed', row.deliveredAt, sources)
    // Who did not get it is here for what was done with it.
    else noteActs(all, row, sources)
  }
}
