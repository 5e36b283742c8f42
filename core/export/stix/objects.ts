import { isIP } from 'node:net'
import { toIso } from '../../store/time.ts'
import type { ExportSource } from '../exporter.ts'
import type { ExportRelation } from '../rows/graph.ts'
import type { Indicator } from '../rows/indicators.ts'
import { caseUuid } from '../text/uuid.ts'

export type StixObject = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: string }

/** How often and how long something was seen. */
export interface Seen {
  readonly lastAt: number | null
  readonly count: number
}

/** Most that a STIX counter holds (STIX 2.1, 4.14 and 5.2). */
const MOST = 999_999_999
const counted = (count: number): number => Math.min(Math.max(count, 1), MOST)

const LEVELS = {
  dangerous: { confidence: 90, kind: 'malicious-activity' },
  'highly-suspicious': { confidence: 70, kind: 'malicious-activity' },
  suspicious: { confidence: 50, kind: 'anomalous-activity' },
} as const

/** Makes objects of one bundle: ids that are the same in every export of the case, times that say when. */
export class StixMaker {
  readonly #source: ExportSource
  readonly #author: string
  constructor(source: ExportSource) {
    this.#source = source
    this.#author = this.#id('identity', 'author')
  }

  #id(type: string, ...name: readonly string[]): string {
    return `${type}--${caseUuid(this.#source.caseId, type, ...name)}`
  }

  /** An object with an author and a history: created with the case, modified now. */
  #object(type: string, id: string, more: Readonly<Record<string, unknown>>): StixObject {
    return {
      type,
      spec_version: '2.1',
      id,
      ...(id === this.#author ? {} : { created_by_ref: this.#author }),
      created: this.#time(this.#source.createdAt),
      modified: this.#time(Math.max(this.#source.now, this.#source.createdAt)),
      ...more,
    }
  }
  /** Common times have millisecond precision (STIX 2.1, 3.2). */
  #time(us: number): string {
    return toIso(Math.floor(us / 1000) * 1000)
  }

  author(): StixObject {
    return this.#object('identity', this.#author, {
      name: 'Redthread',
      identity_class: 'system',
      description: `Case ${this.#source.caseName}, exported by Redthread ${this.#source.toolVersion}.`,
    })
  }
  identity(id: string, name: string, kind: string): StixObject {
    return this.#object('identity', id, {
      name: name === '' ? 'unknown' : name,
      identity_class: kind === 'group' ? 'group' : 'system',
    })
  }

  relationship(
    relation: Pick<ExportRelation, 'kind'> & Partial<ExportRelation>,
    sourceRef: string,
    targetRef: string,
  ): StixObject {
    const { firstAt = null, lastAt = null, confidence, reason, isObserved } = relation
    return this.#object('relationship', this.#id('relationship', relation.kind, sourceRef, targetRef), {
      relationship_type: relation.kind,
      source_ref: sourceRef,
      target_ref: targetRef,
      ...(reason === undefined || reason === '' ? {} : { description: reason }),
      ...(firstAt === null ? {} : { start_time: toIso(firstAt) }),
      // It has to be later than the start.
      ...(firstAt === null || lastAt === null || lastAt <= firstAt ? {} : { stop_time: toIso(lastAt) }),
      ...(confidence === undefined ? {} : { confidence: Math.round(confidence * 100) }),
      ...(isObserved === undefined ? {} : { labels: [isObserved ? 'observed' : 'possible'] }),
    })
  }

  /** The use of a relation, or what a rule detected, as something observed; `refs` are observables and relationships. */
  observedData(
    seen: Seen,
    at: number,
    refs: readonly string[],
    reference: {
      readonly id: string
      readonly rule: string
      readonly events: readonly number[]
      readonly total: number
    },
  ): StixObject {
    const { events, total } = reference
    return this.#object('observed-data', this.#id('observed-data', reference.id, ...refs), {
      first_observed: toIso(at),
      last_observed: toIso(Math.max(seen.lastAt ?? at, at)),
      number_observed: counted(seen.count),
      object_refs: [...refs],
      external_references: [
        {
          source_name: 'redthread',
          external_id: reference.id,
          description: `Rule ${reference.rule}; events ${events.join(' ')}${total > events.length ? ` and ${total - events.length} more` : ''}`,
        },
      ],
    })
  }

  attackPattern(technique: string): StixObject {
    return this.#object('attack-pattern', this.attackPatternId(technique), {
      name: technique,
      external_references: [{ source_name: 'mitre-attack', external_id: technique }],
    })
  }
  attackPatternId(technique: string): string {
    return this.#id('attack-pattern', technique)
  }

  sighting(
    technique: string,
    data: StixObject,
    seen: Seen & { readonly confidence: number },
    at: number,
    where: readonly string[],
    label: string,
  ): StixObject {
    return this.#object('sighting', this.#id('sighting', technique, data.id), {
      sighting_of_ref: this.attackPatternId(technique),
      observed_data_refs: [data.id],
      ...(where.length === 0 ? {} : { where_sighted_refs: [...where] }),
      first_seen: toIso(at),
      last_seen: toIso(Math.max(seen.lastAt ?? at, at)),
      count: counted(seen.count),
      confidence: Math.round(seen.confidence * 100),
      labels: [label],
    })
  }

  indicator(indicator: Indicator, value: string): StixObject {
    const { confidence, kind } = LEVELS[indicator.level]
    return this.#object('indicator', this.#id('indicator', indicator.type, value), {
      name: indicator.name ?? value,
      description: indicator.reason,
      indicator_types: [kind],
      pattern: patternOf(indicator.type, value),
      pattern_type: 'stix',
      valid_from: toIso(indicator.firstSeen ?? this.#source.createdAt),
      confidence,
      labels: [indicator.level],
    })
  }

  infrastructure(host: string): StixObject {
    return this.#object('infrastructure', this.infrastructureId(host), {
      name: host,
      infrastructure_types: ['unknown'],
    })
  }
  infrastructureId(host: string): string {
    return this.#id('infrastructure', host)
  }
}

/** A comparison of STIX patterning (STIX 2.1, 9); quotes and backslashes are escaped there. */
function patternOf(type: Indicator['type'], value: string): string {
  const text = `'${value.replace(/[\\']/g, '\\$&')}'`
  switch (type) {
    case 'url':
      return `[url:value = ${text}]`
    case 'domain':
      return `[domain-name:value = ${text}]`
    case 'ip':
      return `[ipv${isIP(value) === 6 ? 6 : 4}-addr:value = ${text}]`
    case 'sha256':
      return `[file:hashes.'SHA-256' = ${text}]`
    case 'sha1':
      return `[file:hashes.'SHA-1' = ${text}]`
    case 'md5':
      return `[file:hashes.MD5 = ${text}]`
  }
}
