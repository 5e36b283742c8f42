import { toIsoOrNull } from '../store/time.ts'
import type { Exporter, ExportSource } from './exporter.ts'
import { entityPages, relationPages } from './rows/graph.ts'
import { csvLine } from './text/csv.ts'
import { pascal, screaming } from './text/names.ts'
import { quietText, safeJson } from './text/safe-text.ts'
import { zipStream } from './zip-stream.ts'

/** Separates the values of a list in one cell; `neo4j-admin` calls it the array delimiter. */
const LIST = ';'
const listOf = (values: readonly string[]): string =>
  values.map((value) => value.replaceAll(LIST, ',')).join(LIST)

const shownBy =
  ({ isLive }: ExportSource) =>
  (text: string): string =>
    isLive ? text : quietText(text)

async function* nodes(source: ExportSource): AsyncGenerator<string> {
  const shown = shownBy(source)
  yield csvLine([
    'id:ID',
    'kind',
    'name',
    'first_seen:datetime',
    'last_seen:datetime',
    'aliases:string[]',
    'attributes',
    ':LABEL',
  ])
  for await (const page of entityPages(source))
    for (const entity of page)
      yield csvLine([
        entity.id,
        entity.kind,
        shown(entity.name),
        toIsoOrNull(entity.firstSeen),
        toIsoOrNull(entity.lastSeen),
        listOf(entity.aliases.map(({ kind, value }) => `${kind}:${shown(value)}`)),
        entity.attributes.size === 0 ? null : shown(safeJson(Object.fromEntries(entity.attributes))),
        `${pascal(entity.kind)}${LIST}Entity`,
      ])
}

async function* links(source: ExportSource): AsyncGenerator<string> {
  const shown = shownBy(source)
  yield csvLine([
    'id:long',
    ':START_ID',
    ':END_ID',
    ':TYPE',
    'first_at:datetime',
    'last_at:datetime',
    'count:long',
    'confidence:double',
    'observed:boolean',
    'rule',
    'reason',
    'events:long[]',
    'event_total:long',
  ])
  for await (const page of relationPages(source))
    for (const relation of page)
      yield csvLine([
        relation.id,
        relation.from.id,
        relation.to.id,
        screaming(relation.kind),
        toIsoOrNull(relation.firstAt),
        toIsoOrNull(relation.lastAt),
        relation.count,
        relation.confidence,
        relation.isObserved,
        relation.rule,
        shown(relation.reason),
        relation.events.join(LIST),
        relation.eventTotal,
      ])
}

export default {
  id: 'neo4j-csv',
  extension: 'zip',
  mediaType: 'application/zip',
  reads: ['entities', 'relations'],
  addresses: 'choice',
  takesSpan: true,
  texts: {
    en: {
      title: 'Neo4j (CSV)',
      description: 'nodes.csv and relations.csv for neo4j-admin or LOAD CSV, in one ZIP file.',
      left: 'Events behind a relation (their ids are there).',
    },
    'zh-TW': {
      title: 'Neo4j（CSV）',
      description: '供 neo4j-admin 或 LOAD CSV 使用的 nodes.csv 與 relations.csv，合為一個 ZIP 檔。',
      left: '關聯背後的事件（附有其識別碼）。',
    },
    ja: {
      title: 'Neo4j (CSV)',
      description: 'neo4j-admin または LOAD CSV 用の nodes.csv と relations.csv を 1 つの ZIP にまとめます。',
      left: '関係の元になったイベント（ID のみ）。',
    },
  },
  write: (source) =>
    zipStream(
      [
        { name: 'nodes.csv', content: nodes(source) },
        { name: 'relations.csv', content: links(source) },
      ],
      source.signal,
    ),
} satisfies Exporter
