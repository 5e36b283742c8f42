import { randomBytes } from 'node:crypto'
import { WorkbenchError } from '../model/errors.ts'

export type Access = 'read' | 'write'
export interface Grant {
  readonly path: string
  readonly access: Access
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
    const grant = this.#granted.get(token)
    if (!grant || (access === 'write' && grant.access !== 'write')) {
      throw new WorkbenchError('request.not_permitted', { what: 'file' })
    }
    return grant.path
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
