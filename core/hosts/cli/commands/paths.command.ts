import type { Command } from '../command.ts'

const command: Command = {
  id: 'paths',
  order: 100,
  usage: 'CASE --from ENTITY --to ENTITY',
  arguments: { min: 1, max: 1 },
  options: {
    from: { type: 'string', value: 'ENTITY' },
    to: { type: 'string', value: 'ENTITY' },
    'observed-only': { type: 'boolean' },
    alternatives: { type: 'string', value: 'N' },
    'max-hops': { type: 'string', value: 'N' },
  },
  texts: {
    en: {
      summary: 'attack paths from one entity to another, in the order of time',
      'option.from': 'where the path starts: an id or kind:alias',
      'option.to': 'where it ends',
      'option.observed-only': 'leave out what is only possible (rights from the directory)',
      'option.alternatives': 'how many paths at most (1 to 10, default 3)',
      'option.max-hops': 'how many relations a path may have (1 to 20, default 14)',
      none: 'There is no path that respects the order of time.',
      path: 'Path {number}: confidence {confidence}, {start} to {end}',
    },
    'zh-TW': {
      summary: '依時間順序找出兩實體之間的攻擊路徑',
      'option.from': '路徑起點：識別碼或 kind:alias',
      'option.to': '路徑終點',
      'option.observed-only': '略過僅屬可能的關聯（目錄權限）',
      'option.alternatives': '最多幾條路徑（1 至 10，預設 3）',
      'option.max-hops': '一條路徑最多幾段關聯（1 至 20，預設 14）',
      none: '沒有符合時間順序的路徑。',
      path: '路徑 {number}：可信度 {confidence}，{start} 至 {end}',
    },
    ja: {
      summary: 'あるエンティティから別のエンティティへの攻撃経路を時間順に求める',
      'option.from': '経路の始点: ID または kind:alias',
      'option.to': '経路の終点',
      'option.observed-only': '可能性にすぎないもの (ディレクトリの権限) を除く',
      'option.alternatives': '経路の上限 (1 から 10、既定は 3)',
      'option.max-hops': '一つの経路に含める関係の上限 (1 から 20、既定は 14)',
      none: '時間の順序に沿う経路はありません。',
      path: '経路 {number}: 信頼度 {confidence}、{start} から {end}',
    },
  },
  async run({ options, output, t, openCase }) {
    const from = options.requiredEntity('from')
    const to = options.requiredEntity('to')
    const alternatives = options.integer('alternatives', 1, 10) ?? 3
    const maxHops = options.integer('max-hops', 1, 20) ?? 14
    const { client } = await openCase()
    const found = await client.call('path.find', {
      from,
      to,
      observedOnly: options.flag('observed-only'),
      alternatives,
      maxHops,
    })
    if (output.json) {
      output.document({
        from: found.from,
        to: found.to,
        paths: found.paths.map(({ confidence, startAt, endAt, hops }) => ({
          confidence,
          startAt,
          endAt,
          hops: hops.map((hop) => ({
            from: hop.from,
            to: hop.to,
            relation: hop.relation,
            at: hop.at,
            confidence: hop.confidence,
            rule: hop.rule,
            observed: hop.observed,
            events: hop.events,
            relationId: hop.relationId,
          })),
        })),
      })
      return 0
    }
    if (found.paths.length === 0) output.line(t('cli.paths.none'))
    found.paths.forEach((path, at) => {
      const confidence = path.confidence.toFixed(2)
      output.line(
        t('cli.paths.path', {
          number: at + 1,
          confidence,
          start: path.startAt ?? '-',
          end: path.endAt ?? '-',
        }),
      )
      output.table(
        path.hops.map((hop) => [
          `  ${hop.at ?? '-'}`,
          `${hop.from.kind}:${hop.from.name}`,
          hop.observed ? hop.relation : `(${hop.relation})`,
          `${hop.to.kind}:${hop.to.name}`,
          hop.rule,
        ]),
      )
    })
    return 0
  },
}

export default command
