import { toIso, toIsoOrNull } from '../store/time.ts'
import type { Exporter } from './exporter.ts'
import { entityPages, relationPages } from './rows/graph.ts'
import { safeJson, xmlText } from './text/safe-text.ts'

type Kind = 'string' | 'double' | 'long' | 'boolean'
const NODE_KEYS: readonly (readonly [string, Kind])[] = [
  ['kind', 'string'],
  ['name', 'string'],
  ['first_seen', 'string'],
  ['last_seen', 'string'],
  ['aliases', 'string'],
  ['attributes', 'string'],
]
const EDGE_KEYS: readonly (readonly [string, Kind])[] = [
  ['relation', 'string'],
  ['first_at', 'string'],
  ['last_at', 'string'],
  ['count', 'long'],
  ['confidence', 'double'],
  ['observed', 'boolean'],
  ['rule', 'string'],
  ['reason', 'string'],
  ['events', 'string'],
  ['event_total', 'long'],
]

const keyLine = (target: 'node' | 'edge', [name, type]: readonly [string, Kind]): string =>
  `<key id="${target}_${name}" for="${target}" attr.name="${name}" attr.type="${type}"/>\n`

type Value = string | number | boolean | null
const data = (target: 'node' | 'edge', values: Readonly<Record<string, Value>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `<data key="${target}_${name}">${xmlText(String(value))}</data>`)
    .join('')

export default {
  id: 'graphml',
  extension: 'graphml',
  mediaType: 'application/graphml+xml',
  reads: ['entities', 'relations'],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: {
      title: 'GraphML',
      description: 'Entities and relations for Gephi, yEd, Cytoscape desktop, NetworkX and igraph.',
      left: 'Events behind a relation (their ids are there), layout.',
    },
    'zh-TW': {
      title: 'GraphML',
      description: '實體與關聯，供 Gephi、yEd、Cytoscape 桌面版、NetworkX 與 igraph 使用。',
      left: '關聯背後的事件（附有其識別碼）、版面配置。',
    },
    ja: {
      title: 'GraphML',
      description: 'Gephi、yEd、Cytoscape デスクトップ、NetworkX、igraph 向けのエンティティと関係。',
      left: '関係の元になったイベント（ID のみ）、レイアウト。',
    },
  },
  async *write(source) {
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for (const key of NODE_KEYS) yield keyLine('node', key)
    for (const key of EDGE_KEYS) yield keyLine('edge', key)
    yield `<graph id="case" edgedefault="directed">\n<desc>${xmlText(source.caseName)} ${toIso(source.now)}</desc>\n`
    for await (const page of entityPages(source))
      for (const entity of page) {
        const values = {
          kind: entity.kind,
          name: entity.name,
          first_seen: toIsoOrNull(entity.firstSeen),
          last_seen: toIsoOrNull(entity.lastSeen),
          aliases: entity.aliases.map(({ kind, value }) => `${kind}:${value}`).join('\n'),
          attributes: entity.attributes.size === 0 ? null : safeJson(Object.fromEntries(entity.attributes)),
        }
        yield `<node id="n${entity.id}">${data('node', values)}</node>\n`
      }
    for await (const page of relationPages(source))
      for (const relation of page) {
        const values = {
          relation: relation.kind,
          first_at: toIsoOrNull(relation.firstAt),
          last_at: toIsoOrNull(relation.lastAt),
          count: relation.count,
          confidence: relation.confidence,
          observed: relation.isObserved,
          rule: relation.rule,
          reason: relation.reason,
          events: relation.events.join(' '),
          event_total: relation.eventTotal,
        }
        yield `<edge id="e${relation.id}" source="n${relation.from.id}" target="n${relation.to.id}">${data('edge', values)}</edge>\n`
      }
    yield '</graph>\n</graphml>\n'
  },
} satisfies Exporter
