import type { Command } from '../command.ts'

const command: Command = {
  id: 'chains',
  order: 90,
  usage: 'CASE --from ENTITY',
  arguments: { min: 1, max: 1 },
  options: {
    from: { type: 'string', value: 'ENTITY' },
    depth: { type: 'string', value: 'N' },
    limit: { type: 'string', value: 'N' },
    possible: { type: 'boolean' },
  },
  texts: {
    en: {
      summary: 'causes and effects around one entity',
      'option.from': 'the entity: an id or kind:alias, for instance endpoint:ws-01',
      'option.depth': 'how many relations away (1 to 12, default 4)',
      'option.limit': 'how many entities at most (10 to 5000, default 150)',
      'option.possible': 'also follow what is only possible (rights from the directory)',
    },
    'zh-TW': {
      summary: '單一實體前後的成因與影響',
      'option.from': '實體：識別碼或 kind:alias，例如 endpoint:ws-01',
      'option.depth': '最多相隔幾層關聯（1 至 12，預設 4）',
      'option.limit': '最多幾個實體（10 至 5000，預設 150）',
      'option.possible': '也納入僅屬可能的關聯（目錄權限）',
    },
    ja: {
      summary: '一つのエンティティの前後にある原因と影響',
      'option.from': 'エンティティ: ID または kind:alias (例: endpoint:ws-01)',
      'option.depth': '何段先までたどるか (1 から 12、既定は 4)',
      'option.limit': 'エンティティの上限 (10 から 5000、既定は 150)',
      'option.possible': '可能性にすぎないもの (ディレクトリの権限) もたどる',
    },
  },
  async run({ options, output, openCase }) {
    const entity = options.requiredEntity('from')
    const depth = options.integer('depth', 1, 12) ?? 4
    const limit = options.integer('limit', 10, 5000) ?? 150
    const { client } = await openCase()
    const slice = await client.call('chain.around', {
      entity,
      depth,
      limit,
      possible: options.flag('possible'),
    })
    if (output.json) {
      output.document({
        nodes: slice.nodes.map(({ id, kind, name, at, rating, marks, detail }) => ({
          id,
          kind,
          name,
          at,
          rating,
          marks,
          detail,
        })),
        edges: slice.edges.map((edge) => ({
          from: edge.from,
          to: edge.to,
          kind: edge.kind,
          at: edge.at,
          relation: edge.id,
          observed: edge.observed,
          confidence: edge.confidence,
        })),
        grouped: slice.grouped,
        total: slice.total,
      })
      return 0
    }
    const names = new Map(slice.nodes.map((node) => [node.id, `${node.kind}:${node.name}`]))
    output.table(
      slice.edges.map((edge) => [
        edge.at ?? '-',
        names.get(edge.from) ?? edge.from,
        edge.kind,
        names.get(edge.to) ?? edge.to,
      ]),
    )
    return 0
  },
}

export default command
