import { createHash } from 'node:crypto'
import type { RetroRun, RetroWhole } from '../contract/nouns/reputation.ts'
import type { ReadStore } from '../store/store.ts'
import { parseIso } from '../store/time.ts'
import { Judge } from './judge.ts'
import type { Policy } from './policy-document.ts'
import { suffixesOf, type InForce, type ShelfPack } from './shelf.ts'

/** Number of the rules a run follows; a run of other rules cannot be built on. */
const RULES = 2

export type RetroInputs = RetroRun['run']['inputs']

const lastMessage = 'SELECT coalesce(max(id), 0) FROM message'
const grouping = 'SELECT id, entity_id FROM message WHERE id <= ? ORDER BY id'
const latestOf = 'SELECT max(coalesce(delivered_at, sent_at)) FROM message WHERE id <= ?'
const words = 'pattern, scope, host, normal, level, expires_at'
const except = (a: string, b: string): string =>
  `SELECT ${words} FROM pack_entry WHERE pack_id = ${a} EXCEPT SELECT ${words} FROM pack_entry WHERE pack_id = ${b}`
/** Hosts of entries that one of two packs has and the other has not, or says otherwise. */
const changed = `SELECT DISTINCT host FROM (SELECT host FROM (${except('@a', '@b')}) UNION ALL SELECT host FROM (${except('@b', '@a')}))`
const all = 'SELECT DISTINCT host FROM pack_entry WHERE pack_id = ?'
const common = `SELECT DISTINCT e.host FROM pack_entry e WHERE e.pack_id = ? AND EXISTS (SELECT 1 FROM pack_entry o WHERE o.pack_id = ? AND o.host = e.host)`
const expired =
  'SELECT DISTINCT host FROM pack_entry WHERE pack_id = ? AND expires_at > ? AND expires_at <= ?'

/** Which copies make up which message: a correlation run or removed evidence may have changed it. */
function hashGrouping(db: ReadStore, last: number): string {
  const digest = createHash('sha256')
  const rows = db.prepare(grouping).iterate(last) as IterableIterator<{
    id: number
    entity_id: number | null
  }>
  for (const { id, entity_id: entity } of rows) digest.update(`${id} ${entity ?? '-'}\n`)
  return digest.digest('hex')
}

/** What the result of a run depends on. @param now which packs count now; `upTo` the pack at which the run was told to stop */
export function describeInputs(
  db: ReadStore,
  policy: Policy,
  at: number,
  packs: readonly ShelfPack[],
  now: InForce,
  upTo: number | null,
): RetroInputs {
  const last = db.prepare(lastMessage).pluck().get() as number
  const nobody = { from: null, to: [], headers: [] }
  return {
    rules: RULES,
    policySha256: createHash('sha256').update(JSON.stringify(policy)).digest('hex'),
    isEffective: new Judge(policy).exclude(nobody, at)?.clause !== 'W12',
    packsNow: packs.flatMap((pack, index) => (now[index] === 1 ? [pack.id] : [])),
    upTo,
    lastPack: packs.reduce((newest, pack) => Math.max(newest, pack.id), 0),
    lastMessage: last,
    mailSha256: hashGrouping(db, last),
  }
}

/**
 * Why a run cannot be built on an earlier one; null when it can. It can while policy and grouping of the mail it saw are the same,
 * and every pack that was added since is newer than the packs and the mail it knew: then no delivery is judged otherwise than
 * before, and only "now" has changed.
 */
export function whyWhole(
  db: ReadStore,
  base: RetroRun,
  inputs: RetroInputs,
  packs: readonly ShelfPack[],
  at: number,
): RetroWhole | null {
  const before = base.run.inputs
  if (before.rules !== inputs.rules) return 'rules'
  if (before.policySha256 !== inputs.policySha256 || before.isEffective !== inputs.isEffective)
    return 'policy'
  if ((parseIso(base.run.at) ?? Infinity) > at) return 'time'
  if (before.mailSha256 !== hashGrouping(db, before.lastMessage)) return 'mail'
  const firstNew = packs.findIndex((pack) => pack.id > before.lastPack)
  const isAppended = firstNew < 0 || packs.slice(firstNew).every((pack) => pack.id > before.lastPack)
  const isKnown = before.packsNow.every((id) => packs.some((pack) => pack.id === id))
  if (!isAppended || !isKnown || before.upTo !== null || inputs.upTo !== null) return 'packs'
  const latest = db.prepare(latestOf).pluck().get(before.lastMessage) as number | null
  const oldest = packs[firstNew]?.createdAt
  return oldest !== undefined && latest !== null && oldest <= latest ? 'packs' : null
}

/** Hosts whose judgement now may differ from that of the base: of changed, re-ranked and meanwhile expired entries. */
export class ChangedHosts {
  readonly #hosts = new Set<string>()

  constructor(db: ReadStore, base: RetroRun, inputs: RetroInputs, packs: readonly ShelfPack[], at: number) {
    const place = new Map(packs.map((pack, index) => [pack.id, { name: pack.name, index }]))
    const byName = (ids: readonly number[]): Map<string, number> =>
      new Map(ids.flatMap((id) => [[place.get(id)?.name ?? '', id]]))
    const before = byName(base.run.inputs.packsNow)
    const now = byName(inputs.packsNow)
    for (const name of new Set([...before.keys(), ...now.keys()])) {
      const a = before.get(name)
      const b = now.get(name)
      if (a === b) continue
      if (a === undefined || b === undefined)
        this.#add(
          db
            .prepare(all)
            .pluck()
            .all(a ?? b),
        )
      else this.#add(db.prepare(changed).pluck().all({ a, b }))
    }
    // Of two equally specific entries that of the newer pack wins: a pack that overtook another decides where both speak.
    const order = (ids: ReadonlyMap<string, number>, one: string, other: string): boolean =>
      (place.get(ids.get(one) ?? 0)?.index ?? 0) < (place.get(ids.get(other) ?? 0)?.index ?? 0)
    const shared = [...now.keys()].filter((name) => before.has(name))
    for (const [index, one] of shared.entries()) {
      for (const other of shared.slice(index + 1)) {
        if (order(before, one, other) === order(now, one, other)) continue
        this.#add(db.prepare(common).pluck().all(now.get(one), now.get(other)))
      }
    }
    const since = parseIso(base.run.at) ?? 0
    for (const id of inputs.packsNow) this.#add(db.prepare(expired).pluck().all(id, since, at))
  }

  #add(hosts: readonly unknown[]): void {
    for (const host of hosts) this.#hosts.add(String(host))
  }

  /** Whether an entry that changed can cover pages of this host. */
  concern(host: string): boolean {
    return this.#hosts.size > 0 && suffixesOf(host).some((name) => this.#hosts.has(name))
  }
}
