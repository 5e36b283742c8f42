import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface LockedPackage {
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
const lockfile = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>
}

describe('the lockfile', () => {
  it('names no registry host, so that every registry serves it', () => {
    const resolved = Object.values(lockfile.packages).flatMap((locked) => locked.resolved ?? [])
    expect(resolved.filter((from) => !from.startsWith('tools/'))).toEqual([])
  })

  it('locks the build of every platform that a package offers', () => {
    // `npm ci` refuses a lockfile without them, and npm leaves out what its registry lacks (seen with oxc-parser 0.156).
    const names = new Set(Object.keys(lockfile.packages).map((path) => path.split('node_modules/').at(-1)))
    const missing = Object.entries(lockfile.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !names.has(name))
        .map((name) => `${path}: ${name}`),
    )
    expect(missing).toEqual([])
  })
})
