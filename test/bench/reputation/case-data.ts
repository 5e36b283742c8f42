import Database from 'better-sqlite3'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packNormal, toPattern } from '../../../core/reputation/pattern.ts'
import type { PatternScope } from '../../../core/model/verdict.ts'
import { parseUrl } from '../../../core/normalise/url.ts'
import { urlKey } from '../../../core/store/url-key.ts'

const SCHEMA = join(import.meta.dirname, '../../../core/store/schema.sql')
const LEVELS = ['dangerous', 'highly-suspicious', 'suspicious', 'safe'] as const
const TLDS = ['com', 'net', 'org', 'co.uk', 'example', 'de', 'com.br', 'xyz']

/** Same numbers in every run (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below)
  }
}

const hostOf = (random: (below: number) => number, kind: string): string => {
  const name = `${kind}${random(400_000).toString(36)}${['-shop', '', 'cloud', '-mail'][random(4)] ?? ''}`
  const front = random(3) === 0 ? '' : `${['www', 'mail', 'cdn', 'login', 'a.b'][random(5)] ?? 'x'}.`
  return `${front}${name}.${TLDS[random(TLDS.length)] ?? 'com'}`
}
/** As the 29,515 URLs of the sample list are: 2.5 segments, a quarter with a query, half of them beyond 89 characters, 138 on average. */
const pathOf = (random: (below: number) => number): string => {
  let path = ''
  for (let left = 1 + random(4); left > 0; left--) {
    const length = random(12) === 0 ? 60 + random(160) : 4 + random(24)
    let segment = ''
    while (segment.length < length) segment += random(2_000_000_000).toString(36)
    path += `/${segment.slice(0, length)}`
  }
  let end = ['/', '.html', '', ''][random(4)] ?? ''
  if (random(4) === 0) {
    end = `/index.php?id=${random(1_000_000)}`
    for (let left = random(12); left > 0; left--) end += `&p${left}=${random(2_000_000_000).toString(36)}`
  }
  return path + end
}

export interface Size {
  readonly urls: number
  readonly links: number
  readonly patterns: number
}

/**
 * A case file with distinct URLs, links of messages and one pack, in the tables of the product: half of the patterns are hosts, a
 * quarter domains, 15 % paths, 10 % pages; about one in twenty is taken from the URLs.
 */
export function writeCase(path: string, size: Size): void {
  const db = new Database(path)
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  for (const statement of readFileSync(SCHEMA, 'utf8').split(/;\n(?=\n|$)/)) {
    if (/CREATE (?:TABLE|UNIQUE INDEX|INDEX) "?(?:url|message_url|pack|pack_entry|message|evidence)\w*"?[ (]/.test(statement)) db.exec(statement) // prettier-ignore
  }
  db.pragma('foreign_keys = OFF')
  const random = randomOf(1)
  const urls: string[] = []
  db.exec('BEGIN')
  const insertUrl = db.prepare('INSERT OR IGNORE INTO url (url, host, key) VALUES (?, ?, ?)')
  while (urls.length < size.urls) {
    const { url, host, key } = urlKey(`http://${hostOf(random, 'h')}${pathOf(random)}`)
    if (insertUrl.run(url, host, key).changes === 1) urls.push(url)
  }
  const insertLink = db.prepare(
    "INSERT INTO message_url (message, position, url_id, original, place) VALUES (?, ?, ?, '', 'body')",
  )
  for (let row = 0; row < size.links; row++)
    insertLink.run(1 + (row >>> 2), row & 3, row < size.urls ? row + 1 : 1 + random(size.urls))
  db.prepare("INSERT INTO pack VALUES (1, 'bench', '1', 1000, 1000, '', 'plain-list', 'x', ?, 0)").run(
    size.patterns,
  )
  const insertEntry = db.prepare(
    'INSERT INTO pack_entry (pack_id, pattern, scope, host, normal, level, expires_at) VALUES (1, ?, ?, ?, ?, ?, ?)',
  )
  for (let index = 0; index < size.patterns; index++) {
    const part = random(100)
    const scope: PatternScope = part < 50 ? 'host' : part < 75 ? 'domain' : part < 90 ? 'path' : 'exact'
    const url = parseUrl(random(22) === 0 ? (urls[random(urls.length)] ?? '') : `http://${hostOf(random, 'p')}${pathOf(random)}`) // prettier-ignore
    if (url === undefined) throw new Error('not a URL')
    const text =
      scope === 'host' || scope === 'domain'
        ? url.host
        : scope === 'path'
          ? `http://${url.host}${url.path.slice(0, Math.max(1, url.path.lastIndexOf('/')))}`
          : url.text
    const pattern = toPattern(scope, text)
    if (pattern === undefined) throw new Error(`no pattern: ${text}`)
    const expires = random(50) === 0 ? 500 : null
    insertEntry.run(text, scope, pattern.host, packNormal(pattern), LEVELS[random(4)], expires)
  }
  db.exec('COMMIT')
  db.close()
}
