import type { Exporter, ExportSource } from './exporter.ts'
import { detectionPages, entityPages, relationPages } from './rows/graph.ts'
import { type Indicator, indicatorPages } from './rows/indicators.ts'
import { listTechniques, provenIn, techniquesOfRules } from './rows/techniques.ts'
import { provenTechnique } from '../normalise/technique.ts'
import { type StixObject, StixMaker } from './stix/objects.ts'
import { stixIdOf, stixPropertiesOf, toUri } from './stix/observable.ts'
import { safeJson } from './text/safe-text.ts'
import { caseUuid } from './text/uuid.ts'

const hasMailbox = `SELECT 1 FROM entity WHERE key = ?`

async function* entityObjects(source: ExportSource, make: StixMaker): AsyncGenerator<StixObject> {
  const find = source.db.prepare(hasMailbox).pluck()
  // A mailbox outside the span is not in the bundle: nothing may point to it.
  const isWhole = source.from === null && source.to === null
  const knows = (address: string): boolean => isWhole && find.get(`mailbox:${address}`) !== undefined
  for await (const page of entityPages(source))
    for (const entity of page) {
      const id = stixIdOf(source.caseId, entity)
      if (id === undefined) continue
      const type = id.slice(0, id.indexOf('--'))
      if (type === 'identity') yield make.identity(id, entity.name, entity.kind)
      else yield { type, spec_version: '2.1', id, ...stixPropertiesOf(entity, knows) }
    }
}

const isObservable = (id: string): boolean => !id.startsWith('identity--')

async function* relationObjects(source: ExportSource, make: StixMaker): AsyncGenerator<StixObject> {
  for await (const page of relationPages(source))
    for (const relation of page) {
      const from = stixIdOf(source.caseId, relation.from)
      const to = stixIdOf(source.caseId, relation.to)
      if (from === undefined || to === undefined || from === to) continue
      const link = make.relationship(relation, from, to)
      yield link
      if (!relation.isObserved || relation.firstAt === null) continue
      yield make.observedData(relation, relation.firstAt, [...[from, to].filter(isObservable), link.id], {
        id: `relation ${relation.id}`,
        rule: relation.rule,
        events: relation.events,
        total: relation.eventTotal,
      })
    }
}

/** Detections: what was observed, and the technique it is a sighting of where the rule stands for one alone. */
async function* detectionObjects(source: ExportSource, make: StixMaker): AsyncGenerator<StixObject> {
  const attack = await techniquesOfRules(source)
  for await (const page of detectionPages(source))
    for (const detection of page) {
      const technique = provenTechnique(attack(detection.rule, detection.what))
      const ids = [
        ...new Set(
          detection.entities
            .map((entity) => stixIdOf(source.caseId, entity))
            .filter((id) => id !== undefined),
        ),
      ]
      const refs = ids.filter(isObservable)
      if (detection.firstAt === null || refs.length === 0) continue
      const data = make.observedData(detection, detection.firstAt, refs, {
        id: `detection ${detection.id}`,
        rule: `${detection.rule} (${detection.what}), ${detection.level}`,
        events: detection.events,
        total: detection.proofTotal,
      })
      yield data
      const where = ids.filter((id) => !isObservable(id))
      if (technique !== undefined)
        yield make.sighting(technique, data, detection, detection.firstAt, where, detection.level)
    }
}

const hostOf = ({ type, value }: Indicator): string | undefined => {
  if (type === 'domain' || type === 'ip') return value
  return type === 'url' && URL.canParse(value) ? new URL(value).hostname || undefined : undefined
}

async function* indicatorObjects(source: ExportSource, make: StixMaker): AsyncGenerator<StixObject> {
  const isWhole = source.from === null && source.to === null
  const hosts = new Set<string>()
  for await (const page of indicatorPages(source))
    for (const one of page) {
      const value = one.type === 'url' ? toUri(one.value) : one.value
      if (value === undefined) continue
      const indicator = make.indicator(one, value)
      yield indicator
      const host = hostOf(one)
      if (host === undefined) continue
      if (!hosts.has(host)) {
        hosts.add(host)
        yield make.infrastructure(host)
      }
      const place = make.infrastructureId(host)
      yield make.relationship({ kind: 'indicates' }, indicator.id, place)
      if (one.type !== 'url' || one.entityId === null || !isWhole) continue
      const url = stixIdOf(source.caseId, {
        id: one.entityId,
        key: `url:${one.value}`,
        kind: 'url',
        name: '',
      })
      if (url !== undefined) yield make.relationship({ kind: 'consists-of' }, place, url)
    }
}

async function* objects(source: ExportSource): AsyncGenerator<StixObject> {
  const make = new StixMaker(source)
  yield make.author()
  yield* entityObjects(source, make)
  yield* relationObjects(source, make)
  yield* detectionObjects(source, make)
  for (const { id } of provenIn(await listTechniques(source))) yield make.attackPattern(id)
  yield* indicatorObjects(source, make)
}

export default {
  id: 'stix',
  extension: 'json',
  mediaType: 'application/stix+json;version=2.1',
  reads: ['entities', 'relations', 'detections', 'indicators'],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: {
      title: 'STIX 2.1 bundle',
      description:
        'Observables, relationships, observed data, attack patterns with sightings, indicators and their infrastructure; the same thing has the same id in every export.',
      left: 'Events themselves (take JSON lines), logon sessions and scheduled tasks (STIX has no object for them), handling marks: set those before sharing.',
    },
    'zh-TW': {
      title: 'STIX 2.1 套件',
      description:
        '可觀察物件、關係、觀察資料、附出現紀錄（sighting）的攻擊模式、指標及其基礎設施；同一事物在每次匯出中識別碼相同。',
      left: '事件本身（請用 JSON Lines）、登入工作階段與排程工作（STIX 沒有對應物件）、處理標記：分享前請自行設定。',
    },
    ja: {
      title: 'STIX 2.1 バンドル',
      description:
        '観測対象、関係、観測データ、出現の記録（sighting）付きの攻撃パターン、インジケーターとそのインフラ。同じものは毎回同じ ID になります。',
      left: 'イベント自体（JSON Lines を使用）、ログオンセッションとスケジュールタスク（STIX に該当なし）、取り扱い区分（共有前に設定してください）。',
    },
  },
  async *write(source) {
    const id = `bundle--${caseUuid(source.caseId, 'bundle', source.now)}`
    yield `{"type":"bundle","id":"${id}","objects":[`
    let comma = '\n'
    for await (const object of objects(source)) {
      yield `${comma}${safeJson(object)}`
      comma = ',\n'
    }
    yield '\n]}\n'
  },
} satisfies Exporter
