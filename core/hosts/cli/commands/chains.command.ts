import type { GraphSlice } from '../../../contract/nouns/graph.ts'
import { RELATION_KINDS } from '../../../model/relation.ts'
import type { Command } from '../command.ts'
import { usageError } from '../options.ts'

const toDocument = (slice: GraphSlice) => ({
  nodes: slice.nodes.map(({ id, kind, name, at, rating, marks, detail, nodeClass }) => ({
    id,
    kind,
    name,
    at,
    rating,
    marks,
    detail,
    nodeClass,
  })),
  edges: slice.edges.map((edge) => ({
    from: edge.from,
    to: edge.to,
    kind: edge.kind,
    at: edge.at,
    relation: edge.id,
    observed: edge.observed,
    confidence: edge.confidence,
    type: edge.type,
  })),
  grouped: slice.grouped,
  total: slice.total,
})

/** In the order of time; what has none last. */
function toCells(slice: GraphSlice): string[][] {
  const names = new Map(slice.nodes.map((node) => [node.id, `${node.kind}:${node.name}`]))
  const edges = [...slice.edges].sort((a, b) => ((a.at ?? '~') < (b.at ?? '~') ? -1 : a.at === b.at ? 0 : 1))
  return edges.map((edge) => [
    edge.at ?? '-',
    names.get(edge.from) ?? edge.from,
    edge.kind,
    names.get(edge.to) ?? edge.to,
  ])
}

const command: Command = {
  id: 'chains',
  order: 90,
  usage: 'CASE --from ENTITY | --expand ENTITY',
  arguments: { min: 1, max: 1 },
  options: {
    from: { type: 'string', value: 'ENTITY' },
    depth: { type: 'string', value: 'N' },
    limit: { type: 'string', value: 'N' },
    possible: { type: 'boolean' },
    matched: { type: 'string', value: 'ENTITY', multiple: true },
    expand: { type: 'string', value: 'ENTITY' },
    relation: { type: 'string', value: 'KIND' },
    direction: { type: 'string', value: 'in|out' },
    cursor: { type: 'string', value: 'C' },
  },
  texts: {
    en: {
      summary: 'causes and effects around one entity',
      'option.from': 'the entity: an id or kind:alias, for instance endpoint:ws-01',
      'option.depth': 'how many relations away (1 to 12, default 4)',
      'option.limit': 'how many entities at most (10 to 5000, default 150)',
      'option.possible': 'also follow what is only possible (rights from the directory)',
      'option.matched':
        'an entity to mark as what was searched for (several times); the list `matched` says where it is in the chain',
      'option.expand': 'the direct neighbours of an entity, page by page, as behind a group of a chain',
      'option.relation': 'with --expand: only this kind of relation',
      'option.direction': 'with --expand: only relations into it (in) or out of it (out)',
      'option.cursor': 'with --expand: where to go on: the `next` of the page before',
      firstObserved: 'First observed:',
      noteworthy: 'Noteworthy: {count}',
      'rated.normal': 'normal',
      'rated.unrated': 'unrated',
      'rated.suspicious': 'suspicious',
      'rated.malicious': 'malicious',
      matched: 'Entities to mark: {asked}, of them in this chain: {found}. {names}',
      grouped:
        'Grouped and not shown: {count} relation. Open them with --expand. | Grouped and not shown: {count} relations. Entities with such: {groups}. Open them with --expand.',
    },
    'zh-TW': {
      summary: '單一實體前後的成因與影響',
      'option.from': '實體：識別碼或 kind:alias，例如 endpoint:ws-01',
      'option.depth': '最多相隔幾層關聯（1 至 12，預設 4）',
      'option.limit': '最多幾個實體（10 至 5000，預設 150）',
      'option.possible': '也納入僅屬可能的關聯（目錄權限）',
      'option.matched': '要標記為搜尋目標的實體（可重複）；清單 `matched` 說明其在鏈中的位置',
      'option.expand': '某實體的直接鄰居，逐頁列出，如鏈中群組之後的內容',
      'option.relation': '搭配 --expand：只列此類關聯',
      'option.direction': '搭配 --expand：只列進入（in）或離開（out）的關聯',
      'option.cursor': '搭配 --expand：由何處繼續，即前一頁的 `next`',
      firstObserved: '最早觀察到：',
      noteworthy: '值得注意：{count}',
      'rated.normal': '正常',
      'rated.unrated': '未評等',
      'rated.suspicious': '可疑',
      'rated.malicious': '惡意',
      matched: '要標記的 {asked} 個實體中，此鏈含有 {found} 個：{names}',
      grouped: '未顯示而已分組：{groups} 個實體周圍的 {count} 個關聯。請用 --expand 展開。',
    },
    ja: {
      summary: '一つのエンティティの前後にある原因と影響',
      'option.from': 'エンティティ: ID または kind:alias (例: endpoint:ws-01)',
      'option.depth': '何段先までたどるか (1 から 12、既定は 4)',
      'option.limit': 'エンティティの上限 (10 から 5000、既定は 150)',
      'option.possible': '可能性にすぎないもの (ディレクトリの権限) もたどる',
      'option.matched':
        '検索していたものとして印を付けるエンティティ (複数回可)。一覧 `matched` がチェーン内の位置を示します',
      'option.expand': 'エンティティの直接の隣接をページごとに表示する (チェーンのグループの中身)',
      'option.relation': '--expand とともに: この種類の関係だけ',
      'option.direction': '--expand とともに: 入る関係 (in) または出る関係 (out) だけ',
      'option.cursor': '--expand とともに: 続きの位置 (前のページの `next`)',
      firstObserved: '最初に観測されたもの:',
      noteworthy: '注目すべきもの: {count}',
      'rated.normal': '正常',
      'rated.unrated': '評価なし',
      'rated.suspicious': '疑わしい',
      'rated.malicious': '悪性',
      matched: '印を付けるエンティティ {asked} 個のうち、このチェーンにあるもの {found} 個: {names}',
      grouped:
        '表示されずグループ化: {groups} 個のエンティティの周りの関係 {count} 件。--expand で開けます。',
    },
  },
  async run({ options, output, openCase, t }) {
    for (const name of ['relation', 'direction', 'cursor']) options.needs(name, 'expand')
    const expand = options.entity('expand')
    if (expand !== undefined) {
      if (options.text('from') !== undefined)
        throw usageError('chains', 'usage.together', { usage: command.usage })
      const kind = options.oneOf('relation', RELATION_KINDS) ?? null
      const direction = options.oneOf('direction', ['in', 'out'] as const) ?? null
      const limit = options.integer('limit', 1, 1000) ?? 60
      const { client } = await openCase()
      const { id: entityId } = await client.call('entity.get', { id: expand })
      const possible = options.flag('possible')
      const cursor = options.text('cursor') ?? null
      const page = await client.call('chain.expand', { entityId, kind, direction, possible, limit, cursor })
      if (output.json) output.document({ ...toDocument(page), next: page.next })
      else output.table(toCells(page))
      if (page.next !== null && !output.json) output.note(t('cli.page.more', { cursor: page.next }))
      return 0
    }
    const entity = options.requiredEntity('from')
    const depth = options.integer('depth', 1, 12) ?? 4
    const limit = options.integer('limit', 10, 5000) ?? 150
    const sought = options.entities('matched')
    const { client } = await openCase()
    const possible = options.flag('possible')
    const matched: string[] = []
    for (const id of sought) matched.push((await client.call('entity.get', { id })).id)
    const slice = await client.call('chain.around', { entity, depth, limit, possible, matched })
    if (output.json) {
      output.document({ ...toDocument(slice), lists: slice.lists })
      return 0
    }
    output.table(toCells(slice))
    for (const list of ['firstObserved', 'noteworthy'] as const) {
      const objects = slice.lists[list]
      if (objects.length === 0) continue
      output.line(t(`cli.chains.${list}`, { count: objects.length }))
      output.table(
        objects.map(({ at, kind, name, rating }) => [
          `  ${at ?? '-'}`,
          `${kind}:${name}`,
          t(`cli.chains.rated.${rating}`),
        ]),
      )
    }
    if (matched.length > 0) {
      const found = slice.lists.matched.map(({ kind, name }) => `${kind}:${name}`)
      const params = { asked: new Set(matched).size, found: found.length, names: found.join(', ') || '-' }
      output.note(t('cli.chains.matched', params))
    }
    const count = slice.grouped.reduce((sum, group) => sum + group.count, 0)
    if (count > 0) output.note(t('cli.chains.grouped', { count, groups: slice.grouped.length }))
    return 0
  },
}

export default command
