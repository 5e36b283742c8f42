import type { Client } from '../../../contract/client.ts'
import type { AttackPath } from '../../../contract/nouns/graph.ts'
import { ENTITY_KINDS, RELATION_KINDS, type RelationKind } from '../../../model/relation.ts'
import type { Command, ExitCode, Invocation } from '../command.ts'
import { toHopCells, toPathDocument } from '../hop-row.ts'
import { type Options, PAGE_OPTIONS, usageError } from '../options.ts'
import { printPages } from '../pages.ts'

const kindsOf = (options: Options, name: string): RelationKind[] | null => {
  const wanted = options.listOf(name, RELATION_KINDS)
  return wanted ? RELATION_KINDS.filter((kind) => wanted.includes(kind)) : null
}

const filterOf = (options: Options) => ({
  include: kindsOf(options, 'include'),
  exclude: kindsOf(options, 'exclude'),
  after: options.text('after') ?? null,
  before: options.text('before') ?? null,
})

function printPaths(invocation: Invocation, paths: readonly AttackPath[]): void {
  const { output, t } = invocation
  if (paths.length === 0) output.line(t('cli.paths.none'))
  paths.forEach((path, at) => {
    const confidence = path.confidence.toFixed(2)
    const [start, end] = [path.startAt ?? '-', path.endAt ?? '-']
    output.line(t('cli.paths.path', { number: at + 1, confidence, start, end }))
    output.table(toHopCells(path))
  })
}

async function printReach(
  invocation: Invocation,
  client: Client,
  entity: string,
  direction: 'forward' | 'back',
): Promise<ExitCode> {
  const { options } = invocation
  const filter = filterOf(options)
  const observedOnly = options.flag('observed-only')
  const kind = options.oneOf('kind', ENTITY_KINDS) ?? null
  const at = options.text('at') ?? null
  await printPages(
    invocation,
    'reached',
    (page) => client.call('path.reach', { ...page, ...filter, entity, direction, observedOnly, kind, at }),
    (row) => row,
    (row) => [
      row.at ?? '-',
      `${row.entity.kind}:${row.entity.name}`,
      row.via.observed ? row.via.kind : `(${row.via.kind})`,
      `${row.via.other.kind}:${row.via.other.name}`,
    ],
  )
  return 0
}

async function printOrigins(invocation: Invocation, client: Client, entity: string): Promise<ExitCode> {
  const { options, output, t } = invocation
  await invocation.loadTexts()
  const limit = options.integer('limit', 1, 50) ?? 10
  const found = await client.call('path.origins', { ...filterOf(options), entity, limit })
  const origins = found.origins.map((origin) => ({
    entity: origin.entity,
    score: origin.score,
    reasons: origin.reasons.map((reason) => ({ ...reason, text: t(reason.key, reason.params) })),
    path: toPathDocument(origin.path),
  }))
  if (output.json) {
    output.document({ entity: found.entity, reached: found.reached, candidates: found.candidates, origins })
    return 0
  }
  for (const [at, origin] of origins.entries()) {
    output.line(
      `${at + 1}. ${origin.entity.kind}:${origin.entity.name}  [${origin.score}]  ${origin.reasons.map((reason) => reason.text).join('; ')}`,
    )
    const path = found.origins[at]?.path
    if (path) output.table(toHopCells(path))
  }
  if (origins.length === 0) output.line(t('cli.paths.none'))
  return 0
}

async function printNext(invocation: Invocation, client: Client): Promise<ExitCode> {
  const { options, output, t } = invocation
  const limit = options.integer('limit', 1, 50) ?? 10
  const found = await client.call('path.next', {
    story: options.text('story') ?? null,
    from: options.entity('from') ?? null,
    at: options.text('at') ?? null,
    maxHops: options.integer('max-hops', 1, 10) ?? 6,
    limit,
  })
  if (output.json) {
    output.document({
      compromised: found.compromised,
      compromisedTotal: found.compromisedTotal,
      targets: found.targets.map((target) => ({ ...target, path: toPathDocument(target.path) })),
      targetTotal: found.targetTotal,
    })
    return 0
  }
  output.line(t('cli.paths.compromised', { count: found.compromisedTotal }))
  output.table(found.compromised.map(({ entity, at }) => [`  ${at ?? '-'}`, `${entity.kind}:${entity.name}`]))
  printPaths(
    invocation,
    found.targets.map((target) => target.path),
  )
  return 0
}

const command: Command = {
  id: 'paths',
  order: 100,
  usage: 'CASE --from ENTITY --to ENTITY | --reach ENTITY | --back ENTITY | --origins ENTITY | --next',
  arguments: { min: 1, max: 1 },
  options: {
    from: { type: 'string', value: 'ENTITY' },
    to: { type: 'string', value: 'ENTITY' },
    reach: { type: 'string', value: 'ENTITY' },
    back: { type: 'string', value: 'ENTITY' },
    origins: { type: 'string', value: 'ENTITY' },
    next: { type: 'boolean' },
    story: { type: 'string', value: 'STORY' },
    at: { type: 'string', value: 'TIME' },
    kind: { type: 'string', value: 'KIND' },
    'observed-only': { type: 'boolean' },
    include: { type: 'string', value: 'KIND[,KIND]' },
    exclude: { type: 'string', value: 'KIND[,KIND]' },
    after: { type: 'string', value: 'TIME' },
    before: { type: 'string', value: 'TIME' },
    alternatives: { type: 'string', value: 'N' },
    'max-hops': { type: 'string', value: 'N' },
    ...PAGE_OPTIONS,
  },
  texts: {
    en: {
      summary:
        'attack paths in the order of time: between two entities, onwards, back to the origin, and what could come next',
      'option.from': 'where the path starts: an id or kind:alias',
      'option.to': 'where it ends',
      'option.reach': 'all that can be reached from it, with the earliest arrival',
      'option.back': 'all from which it can have been reached, with the latest time of leaving',
      'option.origins': 'what can have led to it, likeliest first (patient zero)',
      'option.next': 'which high-value targets rights would allow to reach, of a story or --from',
      'option.story': 'with --next: the story (default: the first)',
      'option.at': 'with --reach and --next: from, or until, when (ISO-8601)',
      'option.kind': 'with --reach and --back: only entities of this kind',
      'option.observed-only': 'leave out what is only possible (rights from the directory)',
      'option.include': 'only by these kinds of relation',
      'option.exclude': 'not by these kinds of relation',
      'option.after': 'only what was done at or after this time',
      'option.before': 'only what was done at or before this time',
      'option.alternatives': 'how many paths at most (1 to 10, default 3)',
      'option.max-hops': 'how many relations a path may have (1 to 20, default 14)',
      none: 'There is no path that respects the order of time.',
      path: 'Path {number}: confidence {confidence}, {start} to {end}',
      compromised: 'Under control by then: {count}',
    },
    'zh-TW': {
      summary: '依時間順序的攻擊路徑：兩實體之間、向後擴散、回溯源頭，以及接下來可能發生的事',
      'option.from': '路徑起點：識別碼或 kind:alias',
      'option.to': '路徑終點',
      'option.reach': '由此可抵達的一切，及最早抵達時間',
      'option.back': '可能由何處抵達此處，及最晚離開時間',
      'option.origins': '可能導致此結果的源頭，最可能者在前',
      'option.next': '依權限可進一步抵達的高價值目標（某事件經過或 --from）',
      'option.story': '搭配 --next：事件經過（預設為第一個）',
      'option.at': '搭配 --reach 與 --next：起始或截止時間（ISO-8601）',
      'option.kind': '搭配 --reach 與 --back：只列此類實體',
      'option.observed-only': '略過僅屬可能的關聯（目錄權限）',
      'option.include': '只經由這些類型的關聯',
      'option.exclude': '不經由這些類型的關聯',
      'option.after': '只計此時間（含）之後發生者',
      'option.before': '只計此時間（含）之前發生者',
      'option.alternatives': '最多幾條路徑（1 至 10，預設 3）',
      'option.max-hops': '一條路徑最多幾段關聯（1 至 20，預設 14）',
      none: '沒有符合時間順序的路徑。',
      path: '路徑 {number}：可信度 {confidence}，{start} 至 {end}',
      compromised: '屆時已遭控制：{count}',
    },
    ja: {
      summary: '時間順の攻撃経路: 二つのエンティティの間、その先、発端、次に起こりうること',
      'option.from': '経路の始点: ID または kind:alias',
      'option.to': '経路の終点',
      'option.reach': 'そこから到達できるすべてと、最も早い到達時刻',
      'option.back': 'そこへ到達しえたすべてと、最も遅い出発時刻',
      'option.origins': 'そこに至った発端の候補を確かな順に',
      'option.next': '権限により次に到達しうる重要な標的 (ストーリーまたは --from から)',
      'option.story': '--next とともに: ストーリー (既定は最初のもの)',
      'option.at': '--reach、--next とともに: 開始または終了の時刻 (ISO-8601)',
      'option.kind': '--reach、--back とともに: この種類のエンティティだけ',
      'option.observed-only': '可能性にすぎないもの (ディレクトリの権限) を除く',
      'option.include': 'この種類の関係だけをたどる',
      'option.exclude': 'この種類の関係をたどらない',
      'option.after': 'この時刻以後に行われたものだけ',
      'option.before': 'この時刻以前に行われたものだけ',
      'option.alternatives': '経路の上限 (1 から 10、既定は 3)',
      'option.max-hops': '一つの経路に含める関係の上限 (1 から 20、既定は 14)',
      none: '時間の順序に沿う経路はありません。',
      path: '経路 {number}: 信頼度 {confidence}、{start} から {end}',
      compromised: 'その時点で掌握されていたもの: {count}',
    },
  },
  async run(invocation) {
    const { options, output } = invocation
    const asked = (['reach', 'back', 'origins'] as const).filter((name) => options.text(name) !== undefined)
    const ways = asked.length + (options.flag('next') ? 1 : 0) + (options.text('to') === undefined ? 0 : 1)
    if (ways > 1) throw usageError('paths', 'usage.together', { usage: command.usage })
    const [way] = asked
    if (way !== undefined) {
      const entity = options.requiredEntity(way)
      kindsOf(options, 'include')
      const { client } = await invocation.openCase()
      return way === 'origins'
        ? printOrigins(invocation, client, entity)
        : printReach(invocation, client, entity, way === 'reach' ? 'forward' : 'back')
    }
    if (options.flag('next')) {
      const { client } = await invocation.openCase()
      return printNext(invocation, client)
    }
    const from = options.requiredEntity('from')
    const to = options.requiredEntity('to')
    const alternatives = options.integer('alternatives', 1, 10) ?? 3
    const maxHops = options.integer('max-hops', 1, 20) ?? 14
    const filter = filterOf(options)
    const { client } = await invocation.openCase()
    const observedOnly = options.flag('observed-only')
    const found = await client.call('path.find', { ...filter, from, to, observedOnly, alternatives, maxHops })
    if (output.json)
      output.document({ from: found.from, to: found.to, paths: found.paths.map(toPathDocument) })
    else printPaths(invocation, found.paths)
    return 0
  },
}

export default command
