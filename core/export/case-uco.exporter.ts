import { toIso } from '../store/time.ts'
import { CONTEXT, hashOf, timeOf, toUco, typed } from './case-uco/facets.ts'
import type { Exporter, ExportSource } from './exporter.ts'
import { entityPages, type ExportEnd, relationPages } from './rows/graph.ts'
import { safeJson } from './text/safe-text.ts'
import { caseUuid } from './text/uuid.ts'

type Plain = Readonly<Record<string, unknown>>

const evidence = `SELECT id, name, sha256, bytes, imported_at FROM evidence ORDER BY id`
interface Evidence {
  readonly id: number
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly imported_at: number
}

const kb = (source: ExportSource, ...name: readonly (string | number)[]): string =>
  `kb:${String(name[0])}-${caseUuid(source.caseId, ...name)}`
const entityId = (source: ExportSource, { kind, key }: ExportEnd): string =>
  `kb:${kind}-${caseUuid(source.caseId, 'entity', key)}`

/** Evidence as acquired: what was read, when and with which tool, and what came of it. */
function* provenance(source: ExportSource): Generator<Plain> {
  const tool = kb(source, 'tool')
  yield {
    '@id': tool,
    '@type': 'uco-tool:Tool',
    'uco-core:name': 'Redthread',
    'uco-tool:version': source.toolVersion,
  }
  for (const row of source.db.prepare(evidence).iterate() as IterableIterator<Evidence>) {
    const file = kb(source, 'evidence', row.id)
    yield {
      '@id': file,
      '@type': 'uco-observable:File',
      'uco-core:hasFacet': [
        {
          '@id': kb(source, 'evidence-file-facet', row.id),
          '@type': 'uco-observable:FileFacet',
          'uco-observable:fileName': row.name,
          'uco-observable:sizeInBytes': typed('integer', row.bytes),
        },
        {
          '@id': kb(source, 'evidence-content-facet', row.id),
          '@type': 'uco-observable:ContentDataFacet',
          'uco-observable:hash': [hashOf('SHA256', row.sha256)],
        },
      ],
    }
    const record = kb(source, 'provenance', row.id)
    yield {
      '@id': record,
      '@type': 'case-investigation:ProvenanceRecord',
      'uco-core:description': `Evidence ${row.id} of ${source.caseName}`,
      'uco-core:object': [{ '@id': file }],
    }
    yield {
      '@id': kb(source, 'import', row.id),
      '@type': 'case-investigation:InvestigativeAction',
      'uco-core:name': 'Import into the case',
      'uco-action:startTime': timeOf(row.imported_at),
      'uco-action:instrument': { '@id': tool },
      'uco-action:object': [{ '@id': file }],
      'uco-action:result': [{ '@id': record }],
    }
  }
}

async function* objects(source: ExportSource): AsyncGenerator<Plain> {
  yield* provenance(source)
  for await (const page of entityPages(source))
    for (const entity of page) {
      const { type, facets } = toUco(entity)
      yield {
        '@id': entityId(source, entity),
        '@type': type,
        'uco-core:name': entity.name,
        ...(facets.length === 0
          ? {}
          : {
              'uco-core:hasFacet': facets.map((facet, at) => ({
                '@id': kb(source, 'facet', entity.key, at),
                ...facet,
              })),
            }),
      }
    }
  for await (const page of relationPages(source))
    for (const relation of page)
      yield {
        '@id': kb(source, 'relation', relation.kind, relation.from.key, relation.to.key),
        '@type': 'uco-observable:ObservableRelationship',
        'uco-core:source': { '@id': entityId(source, relation.from) },
        'uco-core:target': { '@id': entityId(source, relation.to) },
        'uco-core:kindOfRelationship': relation.kind,
        'uco-core:isDirectional': typed('boolean', true),
        'uco-core:description': `${relation.isObserved ? 'Observed' : 'Possible by directory rights'} (${relation.rule}, confidence ${relation.confidence}): ${relation.reason}`,
        ...(relation.firstAt === null ? {} : { 'uco-core:startTime': timeOf(relation.firstAt) }),
        ...(relation.lastAt === null ? {} : { 'uco-core:endTime': timeOf(relation.lastAt) }),
      }
}

export default {
  id: 'case-uco',
  extension: 'jsonld',
  mediaType: 'application/ld+json',
  reads: ['entities', 'relations'],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: {
      title: 'CASE/UCO (JSON-LD)',
      description:
        'Evidence with hashes and provenance, observable objects and their relationships, in the ontology of forensic tools.',
      left: 'Events; facts of an entity that UCO has no property for.',
    },
    'zh-TW': {
      title: 'CASE/UCO（JSON-LD）',
      description: '以鑑識工具的本體論表示證據（含雜湊值與來源）、可觀察物件及其關係。',
      left: '事件；UCO 沒有對應屬性的實體資訊。',
    },
    ja: {
      title: 'CASE/UCO (JSON-LD)',
      description:
        'ハッシュと来歴付きの証拠、観測対象とその関係を、フォレンジックツールのオントロジーで表します。',
      left: 'イベント。UCO に該当するプロパティのないエンティティの情報。',
    },
  },
  async *write(source) {
    yield `{"@context":${safeJson(CONTEXT)},"@graph":[\n${safeJson({
      '@id': kb(source, 'investigation'),
      '@type': 'case-investigation:Investigation',
      'uco-core:name': source.caseName,
      'uco-core:description': `Exported by Redthread at ${toIso(source.now)}`,
    })}`
    for await (const object of objects(source)) yield `,\n${safeJson(object)}`
    yield '\n]}\n'
  },
} satisfies Exporter
