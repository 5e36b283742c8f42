import type { WriteStore } from '../store/store.ts'
import type { Generations } from './generations.ts'

const createTable =
  'CREATE TEMP TABLE IF NOT EXISTS generation (host INTEGER NOT NULL, device INTEGER NOT NULL, since INTEGER NOT NULL, entity_id INTEGER NOT NULL, PRIMARY KEY (host, device, since)) WITHOUT ROWID'
/** Before and after everything: what is undated belongs to the last. */
const [EVER, NEVER] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
const at = (device: string): string =>
  `(SELECT entity_id FROM temp.generation WHERE host = coalesce(event.host, 0) AND device = ${device} AND since <= coalesce(event.at, ${NEVER}) ORDER BY since DESC LIMIT 1)`
const meant = `coalesce(${at('coalesce(event.host_id, 0)')}, ${at('0')})`
const link = `UPDATE event SET endpoint_id = ${meant}
  WHERE (host IN (SELECT value FROM json_each(@hosts)) OR (host IS NULL AND host_id IN (SELECT value FROM json_each(@alone)))) AND endpoint_id IS NOT ${meant}`
const times = `SELECT endpoint_id AS id, min(at) AS first, max(at) AS last FROM event
  WHERE endpoint_id IN (SELECT value FROM json_each(?)) GROUP BY endpoint_id`

/** Links events of machines with generations: by their sensor id, else by their time. Then each knows when it was seen. */
export function linkGenerations(db: WriteStore, all: readonly Generations[]): void {
  if (all.length === 0) return
  db.exec(createTable)
  db.prepare('DELETE FROM temp.generation').run()
  const add = db.prepare(
    'INSERT OR REPLACE INTO temp.generation (host, device, since, entity_id) VALUES (?, ?, ?, ?)',
  )
  for (const { hosts, turns, alone } of all)
    for (const [index, { since, entity, spellings }] of turns.entries()) {
      const from = index === 0 ? EVER : since
      for (const host of hosts) {
        add.run(host, 0, from, entity.id)
        for (const id of spellings) add.run(host, id, EVER, entity.id)
      }
      for (const id of alone) add.run(0, id, from, entity.id)
    }
  db.prepare(link).run({
    hosts: JSON.stringify(all.flatMap(({ hosts }) => hosts)),
    alone: JSON.stringify(all.flatMap(({ alone }) => alone)),
  })
  const seen = new Map(all.flatMap(({ turns }) => turns.map(({ entity }) => [entity.id, entity] as const)))
  const rows = db.prepare(times).all(JSON.stringify([...seen.keys()])) as {
    id: number
    first: number | null
    last: number | null
  }[]
  for (const { id, first, last } of rows) {
    const entity = seen.get(id)
    if (!entity) continue
    entity.first = first
    entity.last = last
  }
}
