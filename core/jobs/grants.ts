import { randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { WorkbenchError } from '../model/errors.ts'

export type Access = 'read' | 'write'
export interface Grant {
  readonly path: string
  readonly access: Access
}

/**
 * A grant for one file that a granted folder held; it needs no memory of its own.
 * @param base what the token resolves to; where paths are their own grants the two are the same
 */
export function grantWithin(token: string, base: string, path: string): string {
  if (token === base || path === base) return path === base ? token : path
  return `${token}:${path.slice(base.length + 1)}`
}

const notPermitted = () => new WorkbenchError('request.not_permitted', { what: 'file' })

/** `token` or `token:path below the granted folder`. */
function splitGrant(token: string): readonly [string, string | undefined] {
  const at = token.indexOf(':')
  return at === -1 ? [token, undefined] : [token.slice(0, at), token.slice(at + 1)]
}

/** The path inside a granted folder; neither `..` nor a link leads out of it. */
function below(folder: string, inside: string): string {
  const path = resolve(folder, inside)
  let real: string
  try {
    real = realpathSync(path)
  } catch {
    throw notPermitted()
  }
  if (!real.startsWith(realpathSync(folder) + sep)) throw notPermitted()
  return path
}

/**
 * Paths a human chose. Callers name them by token, so that a page can never name a path of its own; on the command line
 * (`trusted`) the path itself is the grant.
 */
export class Grants {
  readonly #trusted: boolean
  readonly #granted = new Map<string, Grant>()
  constructor(trusted: boolean) {
    this.#trusted = trusted
  }
  add(path: string, access: Access): string {
    if (this.#trusted) return path
    const token = randomBytes(16).toString('hex')
    this.#granted.set(token, { path, access })
    return token
  }
  resolve(token: string, access: Access): string {
    if (this.#trusted) return token
    const [folder, inside] = splitGrant(token)
    const grant = this.#granted.get(folder)
    if (!grant || (access === 'write' && grant.access !== 'write')) throw notPermitted()
    return inside === undefined ? grant.path : below(grant.path, inside)
  }
  /** Plain copy to hand to another thread. */
  snapshot(): readonly (readonly [string, Grant])[] {
    return [...this.#granted]
  }
  /** Takes over a snapshot. */
  load(entries: readonly (readonly [string, Grant])[]): void {
    for (const [token, grant] of entries) this.#granted.set(token, grant)
  }
}
