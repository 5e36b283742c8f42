import type { ReadStore } from '../../store/store.ts'
import { NameFilter } from './name-filter.ts'

/** Names SQLite joins into one text: far fewer calls than rows, and no JavaScript text for each of them. */
const NAMES_AT_ONCE = 20_000

/** Both read an index alone, in its order. One name lies in the index several times; a page that begins behind it has seen it. */
const patternHosts = `SELECT CAST(group_concat(host, char(10)) AS BLOB)
  FROM (SELECT host FROM pack_entry WHERE pack_id = ? AND host > ? ORDER BY host LIMIT ?)`
const urlHosts = `SELECT CAST(group_concat(host, char(10)) AS BLOB)
  FROM (SELECT host FROM url WHERE host > ? ORDER BY host LIMIT ?)`

/** Pages of names, as lines. */
function* pagesOf(read: (after: string) => Buffer | null): Iterable<Buffer> {
  let after = ''
  for (let page = read(after); page !== null; page = read(after)) {
    yield page
    after = page.toString('latin1', page.lastIndexOf(10) + 1)
  }
}

/** The hosts of all patterns of these packs. @param packs row ids; @param count entries of all of them */
export function readPatternNames(db: ReadStore, packs: readonly number[], count: number): NameFilter {
  const filter = new NameFilter(count)
  const read = db.prepare(patternHosts).pluck()
  for (const pack of packs)
    for (const page of pagesOf((after) => read.get(pack, after, NAMES_AT_ONCE) as Buffer | null))
      filter.add(page)
  return filter
}

/**
 * Goes through the hosts of all URLs of the case and finds those that patterns may concern: two walks along indexes and one pass over
 * the bytes.
 * @returns host -> the names of it (itself, parent domains) that may be the host of a pattern
 */
export function findCandidates(db: ReadStore, filter: NameFilter): Map<string, string[]> {
  const read = db.prepare(urlHosts).pluck()
  const found = new Map<string, string[]>()
  for (const page of pagesOf((after) => read.get(after, NAMES_AT_ONCE) as Buffer | null)) {
    filter.scan(page, (hostStart, nameStart, end) => {
      const host = page.toString('latin1', hostStart, end)
      const name = hostStart === nameStart ? host : page.toString('latin1', nameStart, end)
      const names = found.get(host)
      if (names === undefined) found.set(host, [name])
      else if (!names.includes(name)) names.push(name)
    })
  }
  return found
}
