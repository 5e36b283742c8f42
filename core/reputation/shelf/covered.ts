import type { PatternScope } from '../../model/verdict.ts'
import { parseUrl, type NormalUrl } from '../../normalise/url.ts'
import type { Statement } from '../../store/connection.ts'
import type { ReadStore } from '../../store/store.ts'
import { portOf, restOf, unpackNormal } from '../pattern.ts'

/** Part of the key of stored URLs (see urlKey): everything from the first text on and below the second. */
const between = 'SELECT id, url FROM url WHERE key >= ? AND key < ?'
const equal = 'SELECT id, url FROM url WHERE key = ?'

interface Row {
  readonly id: number
  readonly url: string
}

/** A stored pattern, whatever its pack and level. */
export interface StoredPattern {
  readonly scope: PatternScope
  readonly host: string
  /** See packNormal. */
  readonly normal: string
}

/** Whether the address of a pattern covers a URL (JUDGE.md, "Matching URLs"). */
export function covers(pattern: StoredPattern, url: NormalUrl): boolean {
  const { port, rest, ftp } = unpackNormal(pattern.normal)
  if (port !== null && port !== portOf(url)) return false
  if (rest !== '' && ftp !== (url.scheme === 'ftp')) return false
  switch (pattern.scope) {
    case 'domain':
      return url.host === pattern.host || url.host.endsWith(`.${pattern.host}`)
    case 'host':
      return url.host === pattern.host
    case 'path':
      return url.host === pattern.host && (url.path === rest || url.path.startsWith(`${rest}/`))
    case 'exact':
      return url.host === pattern.host && restOf(url) === rest
  }
}

/**
 * Finds the URLs of the case that a pattern covers: a range or two of the index over reversed hosts (performance.md section 5), so
 * that a thousand changed entries cost a thousand looks and not a pass over all URLs.
 */
export class CoveredUrls {
  readonly #between: Statement
  readonly #equal: Statement
  constructor(db: ReadStore) {
    this.#between = db.prepare(between)
    this.#equal = db.prepare(equal)
  }

  /** @returns row ids of stored URLs */
  of(pattern: StoredPattern): number[] {
    const name = `${pattern.host.split('.').reverse().join('.')}.`
    const { rest } = unpackNormal(pattern.normal)
    return this.#read(pattern.scope, name, rest)
      .filter((row) => {
        const url = parseUrl(row.url)
        return url !== undefined && covers(pattern, url)
      })
      .map((row) => row.id)
  }

  #read(scope: PatternScope, name: string, rest: string): Row[] {
    const ports = `${name}:`
    switch (scope) {
      case 'domain':
        return this.#range(name)
      case 'host':
        return [...this.#range(`${name}/`), ...this.#range(ports)]
      case 'path':
        return [...this.#range(`${name}${rest === '' ? '/' : rest}`), ...this.#range(ports)]
      case 'exact':
        return [...(this.#equal.all(`${name}${rest}`) as Row[]), ...this.#range(ports)]
    }
  }

  /** Everything that begins with `text`. */
  #range(text: string): Row[] {
    const end = text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1)
    return this.#between.all(text, end) as Row[]
  }
}
