import Database from 'better-sqlite3'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { checkoutFolder, pinnedNode } from '../../../tools/checkout.mjs'

const START = Date.UTC(2026, 2, 10, 8) * 1000

/** One company's incident in numbers: mail to many, what some of them ran, where that went. */
interface Wanted {
  readonly kind: string
  readonly from: number
  readonly to: number
}

/**
 * A case of about so many entities, made by the product and filled in place: 60 % stand around hubs (mail and its recipients, computers
 * and their processes), the rest in chains, one and a half relations per entity.
 * @returns how many entities and relations it holds
 */
export function writeGraphCase(path: string, size: number): { entities: number; relations: number } {
  execFileSync(pinnedNode(), [join(checkoutFolder, 'out/main/cli.js'), 'new', path], { stdio: 'ignore' })
  const db = new Database(path)
  db.pragma('foreign_keys = OFF')
  const kinds: string[] = []
  const wanted: Wanted[] = []
  const entity = (kind: string): number => kinds.push(kind)
  const link = (kind: string, from: number, to: number): void => void wanted.push({ kind, from, to })
  while (kinds.length < size) oneStory(Math.min(size - kinds.length, 200), entity, link)
  db.transaction(() => {
    const addEntity = db.prepare("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, '{}', 1)")
    kinds.slice(0, size).forEach((kind, at) => {
      const time = START + at * 1e6
      addEntity.run(at + 1, `bench:${at}`, kind, `${kind}-${at + 1}.example`, time, time)
    })
    const addRelation = db.prepare(
      'INSERT OR IGNORE INTO relation VALUES (?, ?, ?, ?, ?, ?, 1, 0.9, 1, \'bench\', \'{"key":"bench","params":{}}\', 1, ?, 1)',
    )
    wanted.forEach(({ kind, from, to }, at) => {
      if (from > size || to > size) return
      const time = START + at * 1e6
      addRelation.run(at + 1, kind, from, to, time, time, Buffer.from(Float64Array.of(time).buffer))
    })
  })()
  const count = (table: string): number =>
    (table === 'entity'
      ? db.prepare('SELECT count(*) AS n FROM entity')
      : db.prepare('SELECT count(*) AS n FROM relation')
    )
      .pluck()
      .get() as number
  const made = { entities: count('entity'), relations: count('relation') }
  db.close()
  return made
}

function oneStory(
  room: number,
  entity: (kind: string) => number,
  link: (kind: string, from: number, to: number) => void,
): void {
  const message = entity('message')
  const url = entity('url')
  link('links-to', message, url)
  const endpoint = entity('endpoint')
  const recipients = Math.max(1, Math.floor(room * 0.25))
  for (let one = 0; one < recipients; one++) {
    const mailbox = entity('mailbox')
    link('delivered-to', message, mailbox)
    if (one % 5 === 0) link('clicked-by', url, mailbox)
  }
  let parent = entity('process')
  link('ran-on', parent, endpoint)
  const processes = Math.max(1, Math.floor(room * 0.6))
  for (let one = 0; one < processes; one++) {
    const child = entity('process')
    link('spawned', parent, child)
    link('ran-on', child, endpoint)
    if (one % 4 === 3) parent = child
    if (one % 6 === 5) {
      const file = entity('file')
      link('dropped', child, file)
    }
  }
}
