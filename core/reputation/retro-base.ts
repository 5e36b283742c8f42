import type { RetroRun } from '../contract/nouns/reputation.ts'
import type { ReadStore } from '../store/store.ts'
import { parseUrl } from '../normalise/url.ts'
import type { Judge } from './judge.ts'
import { citePack } from './packs-stored.ts'
import type { ChangedHosts, RetroInputs } from './retro-delta.ts'
import type { RetroMessage } from './retro-messages.ts'
import type { TurnedUrl } from './retro-findings.ts'
import type { ShelfPack } from './shelf.ts'

/** Arrays travel as JSON text; more ids at once would exceed SQLite's limit on the length of a text. */
const IDS_AT_ONCE = 100_000

const urls = 'SELECT id, url FROM url'
/** All links of messages that got a copy since: an earlier copy may move the time of delivery. */
const ofNewMail = `SELECT DISTINCT l.url_id FROM message_url l JOIN message m ON m.id = l.message
  WHERE m.entity_id IN (SELECT entity_id FROM message WHERE id > ?)`
/** What stands in one message with these. */
const companions = `SELECT DISTINCT o.url_id FROM json_each(?) j JOIN message_url l ON l.url_id = j.value
  JOIN message m ON m.id = l.message JOIN message s ON s.entity_id = m.entity_id JOIN message_url o ON o.message = s.id`

interface TakenNewly {
  readonly urlId: number
  readonly action: string
  readonly turnedAt: string | null
  readonly matchedThen: boolean
}

/** An earlier run as a later one builds on it: what it found, and which URLs have to be judged again. */
export class RetroBase {
  /** Turned URLs that were not touched, their packs cited by the version that counts now. */
  readonly turned: readonly (Omit<TurnedUrl, 'url'> & { readonly urlId: number })[]
  readonly #touched = new Set<number>()
  readonly #companions = new Set<number>()
  readonly #newly = new Map<string, Map<number, TakenNewly>>()
  readonly #noLonger = new Map<string, Set<number>>()

  constructor(
    db: ReadStore,
    base: RetroRun,
    inputs: RetroInputs,
    packs: readonly ShelfPack[],
    changed: ChangedHosts,
    judge: Judge,
  ) {
    const wanted = new Set([
      ...base.turned.map((row) => row.url),
      ...base.newlyMatching.map((row) => row.url),
      ...base.noLongerMatching.map((row) => row.url),
    ])
    const idOf = new Map<string, number>()
    for (const row of db.prepare(urls).iterate() as IterableIterator<{ id: number; url: string }>) {
      if (wanted.has(row.url)) idOf.set(row.url, row.id)
      const host = parseUrl(row.url)?.host
      if (host !== undefined && changed.concern(host)) this.#touched.add(row.id)
    }
    for (const id of db.prepare(ofNewMail).pluck().all(base.run.inputs.lastMessage) as number[])
      this.#touched.add(id)
    // A URL that no pack of its time spoke against (one was switched off since) may get its turn from a newer one.
    for (const row of base.newlyMatching) {
      const id = row.turnedAt === null ? idOf.get(row.url) : undefined
      if (id !== undefined) this.#touched.add(id)
    }
    // Of a URL that matched then and matches now the records of each copy decide, and records may have come since.
    for (const { url, from, to } of base.turned) {
      const id = judge.byLevel(from).matches && judge.byLevel(to).matches ? idOf.get(url) : undefined
      if (id !== undefined) this.#touched.add(id)
    }
    const touched = [...this.#touched]
    for (let at = 0; at < touched.length; at += IDS_AT_ONCE) {
      const some = JSON.stringify(touched.slice(at, at + IDS_AT_ONCE))
      for (const id of db.prepare(companions).pluck().all(some) as number[]) this.#companions.add(id)
    }
    const cited = citations(base, inputs, packs)
    this.turned = base.turned.flatMap((row) => {
      const urlId = idOf.get(row.url)
      if (urlId === undefined || this.#touched.has(urlId)) return []
      const { from, to, entry, decides, messages } = row
      const pack = row.pack !== null && decides === 'now' ? (cited.get(row.pack) ?? row.pack) : row.pack
      return [{ urlId, from, to, pack, entry, decides, messages }]
    })
    for (const { message, url, action, turnedAt, matchedThen } of base.newlyMatching) {
      const urlId = idOf.get(url)
      if (urlId === undefined) continue
      const rows = this.#newly.get(message.id) ?? new Map<number, TakenNewly>()
      this.#newly.set(message.id, rows.set(urlId, { urlId, action, turnedAt, matchedThen }))
    }
    for (const { message, url } of base.noLongerMatching) {
      const urlId = idOf.get(url)
      if (urlId === undefined) continue
      this.#noLonger.set(message.id, (this.#noLonger.get(message.id) ?? new Set()).add(urlId))
    }
  }

  /** Its judgement may be another one than in the base. */
  isTouched(urlId: number): boolean {
    return this.#touched.has(urlId)
  }

  /** It is judged in this run: touched, or in one message with a touched one (W31 asks for all URLs of a message). */
  isRated(urlId: number): boolean {
    return this.#touched.has(urlId) || this.#companions.has(urlId)
  }

  /** No URL of the message was touched: what the base found of it holds. */
  isTaken(message: RetroMessage): boolean {
    return !message.links.some((link) => this.#touched.has(link.urlId))
  }

  newlyOf(message: number): Iterable<TakenNewly> {
    return this.#newly.get(String(message))?.values() ?? []
  }

  noLongerOf(message: number): Iterable<number> {
    return this.#noLonger.get(String(message)) ?? []
  }
}

/** `name@version` of the base -> the same pack as it is cited now. */
function citations(
  base: RetroRun,
  inputs: RetroInputs,
  packs: readonly ShelfPack[],
): ReadonlyMap<string, string> {
  const byId = new Map(packs.map((pack) => [pack.id, pack]))
  const now = new Map<string, ShelfPack>()
  for (const id of inputs.packsNow) {
    const pack = byId.get(id)
    if (pack !== undefined) now.set(pack.name, pack)
  }
  return new Map(
    base.run.inputs.packsNow.flatMap((id) => {
      const before = byId.get(id)
      const after = before && now.get(before.name)
      return before && after ? [[citePack(before), citePack(after)] as const] : []
    }),
  )
}
