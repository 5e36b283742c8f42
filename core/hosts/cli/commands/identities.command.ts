import type { IdentityCandidate, IdentityDecision } from '../../../contract/nouns/identity.ts'
import { ALIAS_KINDS, type AliasKind, ENTITY_KINDS } from '../../../model/relation.ts'
import type { Command, ExitCode, Invocation } from '../command.ts'
import { usageError } from '../options.ts'

/** Candidates shown when nobody says how many. */
const DEFAULT_LIMIT = 50

const command: Command = {
  id: 'identities',
  order: 56,
  usage:
    'CASE [list | merge ENTITY ENTITY... | split ENTITY | apart ENTITY ENTITY... | undo DECISION | candidates]',
  arguments: { min: 1, max: 52 },
  options: {
    reason: { type: 'string', value: 'TEXT' },
    alias: { type: 'string', multiple: true, value: 'KIND:VALUE' },
    kind: { type: 'string', value: 'KIND' },
    limit: { type: 'string', value: 'N' },
  },
  texts: {
    en: {
      summary:
        'say which users, endpoints, mailboxes or groups are one and which are not; see what may be one',
      'option.reason': 'merge, split, apart, undo: why; kept with the decision and in the audit log',
      'option.alias': 'split: a name that is somebody else’s, for instance device-id:7f3c; may be repeated',
      'option.kind': 'candidates: only this kind, for instance user',
      'option.limit': 'candidates: at most so many',
      action:
        'Say "list", "merge ENTITY ENTITY...", "split ENTITY --alias KIND:VALUE", "apart ENTITY ENTITY...", "undo DECISION" or "candidates".',
      alias: '"{value}" is no name; write KIND:VALUE, for instance sid:S-1-5-21-1-2-3-1105.',
      decided: 'Decision {decision} is kept. Run "correlate" for relations to follow.',
      undone: 'Decision {decision} is taken back. Run "correlate" for relations to follow.',
      none: 'No decisions.',
      'state.pending': 'with the next correlation',
      'state.applied': 'applied',
      'state.idle': 'not in this case now',
      'state.undone': 'taken back',
      'kind.merge': 'one',
      'kind.split': 'set apart',
      'kind.apart': 'not one',
      kept: 'Decision {decision} is kept.',
      more: 'More: {total} in all.',
    },
    'zh-TW': {
      summary: '指定哪些使用者、端點、信箱或群組是同一個、哪些不是；查看哪些可能是同一個',
      'option.reason': 'merge、split、apart、undo：理由，會與決定一併保存並寫入稽核記錄',
      'option.alias': 'split：屬於其他對象的名稱，例如 device-id:7f3c，可重複指定',
      'option.kind': 'candidates：只列此種類，例如 user',
      'option.limit': 'candidates：最多列出的數量',
      action:
        '請指定「list」、「merge ENTITY ENTITY...」、「split ENTITY --alias KIND:VALUE」、「apart ENTITY ENTITY...」、「undo DECISION」或「candidates」。',
      alias: '「{value}」不是名稱；請寫成 KIND:VALUE，例如 sid:S-1-5-21-1-2-3-1105。',
      decided: '已保存決定 {decision}。請執行「correlate」讓關聯跟著更新。',
      undone: '已撤回決定 {decision}。請執行「correlate」讓關聯跟著更新。',
      none: '沒有任何決定。',
      'state.pending': '下次關聯分析時生效',
      'state.applied': '已生效',
      'state.idle': '目前不在此案件中',
      'state.undone': '已撤回',
      'kind.merge': '視為同一個',
      'kind.split': '分開',
      'kind.apart': '視為不同',
      kept: '已保存決定 {decision}。',
      more: '還有更多，共 {total} 組。',
    },
    ja: {
      summary:
        'どのユーザー、エンドポイント、メールボックス、グループが同一で、どれが別かを決め、同一かもしれないものを見る',
      'option.reason': 'merge、split、apart、undo: 理由。決定とともに保存され、監査ログにも残る',
      'option.alias': 'split: 別のものに属する名前 (例: device-id:7f3c)。繰り返し指定できる',
      'option.kind': 'candidates: この種類だけ (例: user)',
      'option.limit': 'candidates: 最大件数',
      action:
        '「list」「merge ENTITY ENTITY...」「split ENTITY --alias KIND:VALUE」「apart ENTITY ENTITY...」「undo DECISION」「candidates」のいずれかを指定してください。',
      alias:
        '「{value}」は名前ではありません。KIND:VALUE の形で指定してください (例: sid:S-1-5-21-1-2-3-1105)。',
      decided: '決定 {decision} を保存しました。関係に反映するには「correlate」を実行してください。',
      undone: '決定 {decision} を取り消しました。関係に反映するには「correlate」を実行してください。',
      none: '決定はありません。',
      'state.pending': '次の相関分析で反映',
      'state.applied': '反映済み',
      'state.idle': '現在このケースにはない',
      'state.undone': '取り消し済み',
      'kind.merge': '同一',
      'kind.split': '分離',
      'kind.apart': '別のもの',
      kept: '決定 {decision} を保存しました。',
      more: 'ほかにもあります (全 {total} 組)。',
    },
  },
  async run(invocation) {
    const [, verb = 'list', ...rest] = invocation.args
    const act = ACTS.get(verb)
    if (!act) throw usageError('identities', 'identities.action')
    return act(invocation, rest)
  },
}

type Act = (invocation: Invocation, rest: readonly string[]) => Promise<ExitCode>
const ACTS: ReadonlyMap<string, Act> = new Map<string, Act>([
  ['list', list],
  ['merge', merge],
  ['apart', apart],
  ['split', split],
  ['undo', undo],
  ['candidates', candidates],
])

/** The number of things named behind the verb has to be right: a typing mistake must not decide something else. */
function requireCount(rest: readonly string[], min: number, max: number): void {
  if (rest.length < min || rest.length > max) throw usageError('identities', 'identities.action')
}

async function list({ openCase, output, t }: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 0, 0)
  const { client } = await openCase()
  const decisions = await client.call('identity.decisions', {})
  if (output.json) output.document({ decisions })
  else if (decisions.length === 0) output.line(t('cli.identities.none'))
  else
    output.table(
      decisions.map((row) => [
        row.id,
        t(`cli.identities.kind.${row.kind}`),
        subjectOf(row),
        row.reason,
        `${row.by} ${row.at}`,
        t(`cli.identities.state.${row.state}`),
      ]),
    )
  return 0
}

const subjectOf = ({ kind, members, aliases }: IdentityDecision): string =>
  members.map(({ name }) => name).join(kind === 'apart' ? ' ≠ ' : ' = ') +
  (aliases.length === 0 ? '' : ` | ${aliases.map(({ kind, value }) => `${kind}:${value}`).join(' ')}`)

async function merge(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 2, 50)
  const reason = invocation.options.required('reason')
  const { client } = await invocation.openCase()
  return told(invocation, 'decided', await client.call('identity.merge', { ids: [...rest], reason }))
}

async function apart(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 2, 50)
  const reason = invocation.options.required('reason')
  const { client } = await invocation.openCase()
  return told(invocation, 'kept', await client.call('identity.apart', { ids: [...rest], reason }))
}

async function split(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 1, 1)
  const reason = invocation.options.required('reason')
  const aliases = invocation.options.list('alias').map((text) => {
    const cut = text.indexOf(':')
    const kind: AliasKind | undefined = ALIAS_KINDS.find((one) => one === text.slice(0, cut))
    if (kind === undefined || cut === text.length - 1)
      throw usageError('identities', 'identities.alias', { value: text })
    return { kind, value: text.slice(cut + 1) }
  })
  if (aliases.length === 0) throw usageError('identities', 'usage.required', { option: '--alias' })
  const { client } = await invocation.openCase()
  const made = await client.call('identity.split', { id: rest[0] ?? '', aliases, reason })
  return told(invocation, 'decided', made)
}

async function undo(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 1, 1)
  const { client } = await invocation.openCase()
  const reason = invocation.options.text('reason') ?? ''
  return told(invocation, 'undone', await client.call('identity.undo', { decision: rest[0] ?? '', reason }))
}

function told(
  { output, t }: Invocation,
  how: 'decided' | 'kept' | 'undone',
  { decision }: { decision: string },
): ExitCode {
  if (output.json) output.document({ decision })
  else output.line(t(`cli.identities.${how}`, { decision }))
  return 0
}

async function candidates(invocation: Invocation, rest: readonly string[]): Promise<ExitCode> {
  requireCount(rest, 0, 0)
  const { options, output, t } = invocation
  const kind = options.oneOf('kind', ENTITY_KINDS) ?? null
  const limit = options.integer('limit', 1, 1000) ?? DEFAULT_LIMIT
  const { client } = await invocation.openCase()
  const { rows, total } = await client.call('identity.candidates', { kind, limit })
  await invocation.loadTexts()
  const why = (row: IdentityCandidate) => ({
    reasons: row.reasons.map(({ key, params }) => t(key, params)),
    against: row.against.map(({ key, params }) => t(key, params)),
  })
  if (output.json)
    output.document({
      candidates: rows.map((row) => ({ a: row.a, b: row.b, confidence: row.confidence, ...why(row) })),
      total,
    })
  else {
    output.table(
      rows.map((row) => [
        row.a.kind,
        `${row.a.name} (${row.a.id})`,
        `${row.b.name} (${row.b.id})`,
        row.confidence.toFixed(2),
        [...why(row).reasons, ...why(row).against.map((text) => `− ${text}`)].join('; '),
      ]),
    )
    if (total > rows.length) output.line(t('cli.identities.more', { total }))
  }
  return 0
}

export default command
