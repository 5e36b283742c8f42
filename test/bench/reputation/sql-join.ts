import type Database from 'better-sqlite3'
import { cpuTime } from './cpu-clock.ts'

/** What a way of judging found: entry per URL, and how many message links that concerns. */
export interface Found {
  /** URL row id -> row id of the entry that decides. */
  readonly decided: ReadonlyMap<number, number>
  readonly links: number
}

const tables = `
CREATE TEMP TABLE pattern_key (key TEXT, entry INTEGER, severity INTEGER);
CREATE TEMP TABLE url_key (url_id INTEGER, key TEXT, rank INTEGER);
CREATE TEMP TABLE verdict (url_id INTEGER PRIMARY KEY, entry INTEGER);`

const patternKeys = `INSERT INTO pattern_key
  SELECT substr(scope, 1, 1) || host || normal, id,
    CASE level WHEN 'dangerous' THEN 0 WHEN 'highly-suspicious' THEN 1 WHEN 'suspicious' THEN 2 ELSE 4 END
  FROM pack_entry WHERE expires_at IS NULL OR expires_at > @at`
const patternIndex = 'CREATE INDEX temp.pattern_key_key ON pattern_key(key, severity, entry)'

/** Every key a pattern for this URL could have: page, path and its parents, host, domains. Lower rank = more specific. */
const urlKeys = `INSERT INTO url_key
  WITH RECURSIVE
    part (id, host, rest) AS MATERIALIZED (SELECT id, host, substr(url, 8 + length(host)) FROM url),
    path (id, host, path) AS (
      SELECT id, host, rtrim(CASE instr(rest, '?') WHEN 0 THEN rest ELSE substr(rest, 1, instr(rest, '?') - 1) END, '/') FROM part
      UNION ALL SELECT id, host, rtrim(rtrim(path, replace(path, '/', '')), '/') FROM path WHERE path <> ''),
    suffix (id, name) AS (
      SELECT id, host FROM part
      UNION ALL SELECT id, substr(name, instr(name, '.') + 1) FROM suffix WHERE instr(name, '.') > 0)
  SELECT id, 'e' || host || rest, 0 FROM part
  UNION ALL SELECT id, 'p' || host || path, 100000 - length(path) FROM path
  UNION ALL SELECT id, 'h' || host, 200000 FROM part
  UNION ALL SELECT id, 'd' || name, 300000 - length(name) FROM suffix`

const join = `INSERT INTO verdict SELECT url_id, entry FROM (
  SELECT u.url_id, p.entry, min(u.rank * 10 + p.severity) FROM url_key u JOIN pattern_key p ON p.key = u.key GROUP BY u.url_id)`
const fanOut = 'SELECT count(*) FROM verdict v JOIN message_url l ON l.url_id = v.url_id'

/** The same question as one SQL join over the keys of URLs and patterns. @returns milliseconds of each step */
export function bySql(db: Database.Database, at: number): { found: Found; keys: number; join: number } {
  const start = cpuTime()
  db.exec(tables)
  db.prepare(patternKeys).run({ at })
  db.exec(patternIndex)
  db.prepare(urlKeys).run()
  const ready = cpuTime()
  db.prepare(join).run()
  const links = db.prepare(fanOut).pluck().get() as number
  const end = cpuTime()
  const rows = db.prepare('SELECT url_id, entry FROM verdict').raw().all() as [number, number][]
  db.exec('DROP TABLE pattern_key; DROP TABLE url_key; DROP TABLE verdict')
  return { found: { decided: new Map(rows), links }, keys: ready - start, join: end - ready }
}
