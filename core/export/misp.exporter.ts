import { isIP } from 'node:net'
import { toIso } from '../store/time.ts'
import type { Exporter, ExportSource } from './exporter.ts'
import { type Indicator, indicatorPages } from './rows/indicators.ts'
import { listTechniques, provenIn } from './rows/techniques.ts'
import { safeJson } from './text/safe-text.ts'
import { caseUuid } from './text/uuid.ts'

type Attribute = Readonly<Record<string, unknown>>

const TYPES: Readonly<Record<Indicator['type'], { type: string; category: string }>> = {
  url: { type: 'url', category: 'Network activity' },
  domain: { type: 'domain', category: 'Network activity' },
  ip: { type: 'ip-dst', category: 'Network activity' },
  sha256: { type: 'sha256', category: 'Payload delivery' },
  sha1: { type: 'sha1', category: 'Payload delivery' },
  md5: { type: 'md5', category: 'Payload delivery' },
}

/** Who clicked what packs rate, and where: targets, never for detection. */
const victims = `SELECT DISTINCT e.kind, e.name FROM relation r JOIN entity e ON e.id = r.to_id
  WHERE r.kind IN ('clicked-by', 'opened-on') AND r.from_id IN (SELECT value FROM json_each(?)) ORDER BY e.kind, e.name`
const VICTIMS = new Map([
  ['user', 'target-user'],
  ['endpoint', 'target-machine'],
])

const seconds = (us: number): string => String(Math.floor(us / 1e6))

async function* attributes(source: ExportSource): AsyncGenerator<Attribute> {
  const timestamp = seconds(source.now)
  const attribute = (
    type: string,
    category: string,
    value: string,
    toIds: boolean,
    more: Attribute,
  ): Attribute => ({
    uuid: caseUuid(source.caseId, 'misp', type, value),
    type,
    category,
    to_ids: toIds,
    value,
    distribution: '5',
    timestamp,
    ...more,
  })
  const targets = new Map<string, Attribute>()
  for await (const page of indicatorPages(source)) {
    for (const one of page) {
      const { type, category } = TYPES[one.type]
      // A hash without a name is a hash; with one it is the pair.
      const isNamed = one.name !== null && one.name !== '' && !one.name.includes('|')
      const isHash = category === 'Payload delivery'
      if (one.type === 'ip' && isIP(one.value) === 0) continue
      yield attribute(
        isHash && isNamed ? `filename|${type}` : type,
        category,
        isHash && isNamed ? `${one.name}|${one.value}` : one.value,
        // What a pack says may block; what follows from relations is for a human to decide.
        one.pack !== null && one.level !== 'suspicious',
        {
          comment: one.reason,
          ...(one.firstSeen === null ? {} : { first_seen: toIso(one.firstSeen) }),
          ...(one.lastSeen === null ? {} : { last_seen: toIso(one.lastSeen) }),
          Tag: [{ name: `redthread:level="${one.level}"`, exportable: true }],
        },
      )
    }
    const urls = page.flatMap((one) => (one.type === 'url' && one.entityId !== null ? [one.entityId] : []))
    const rows = source.db.prepare(victims).all(JSON.stringify(urls)) as { kind: string; name: string }[]
    for (const { kind, name } of rows) {
      const type = VICTIMS.get(kind)
      if (type !== undefined && name !== '')
        targets.set(
          `${type} ${name}`,
          attribute(type, 'Targeting data', name, false, { comment: 'opened an address that packs rate' }),
        )
    }
  }
  yield* targets.values()
}

export default {
  id: 'misp',
  extension: 'json',
  mediaType: 'application/json',
  reads: ['indicators'],
  addresses: 'live',
  takesSpan: false,
  texts: {
    en: {
      title: 'MISP event',
      description:
        'One unpublished event for your organisation only: indicators (those of packs marked for detection), who opened them, techniques as tags.',
      left: 'Messages and events; publishing and distribution are decided in MISP.',
    },
    'zh-TW': {
      title: 'MISP 事件',
      description:
        '一個未發布、僅限貴組織的事件：指標（特徵碼套件所列者標記為供偵測）、開啟者，技術以標籤表示。',
      left: '郵件與事件；是否發布與散布範圍請在 MISP 中決定。',
    },
    ja: {
      title: 'MISP イベント',
      description:
        '自組織限定・未公開のイベント 1 件。インジケーター（パックによるものは検知用の印付き）、開いた人、タグとしてのテクニック。',
      left: 'メールとイベント。公開と配布範囲は MISP で決めます。',
    },
  },
  async *write(source) {
    const techniques = provenIn(await listTechniques(source))
    const head = {
      uuid: caseUuid(source.caseId, 'misp-event'),
      info: `Redthread case ${source.caseName}`,
      date: toIso(source.createdAt).slice(0, 10),
      timestamp: seconds(source.now),
      // Undefined: the analyst decides. Ongoing. Your organisation only.
      threat_level_id: '4',
      analysis: '1',
      distribution: '0',
      published: false,
      Tag: techniques.map(({ id }) => ({ name: `redthread:attack-technique="${id}"`, exportable: true })),
    }
    yield `{"Event":${safeJson(head).slice(0, -1)},"Attribute":[`
    let comma = '\n'
    for await (const attribute of attributes(source)) {
      yield `${comma}${safeJson(attribute)}`
      comma = ',\n'
    }
    yield '\n]}}\n'
  },
} satisfies Exporter
