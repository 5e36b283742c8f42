import { closeSync, openSync, readSync } from 'node:fs'
import { decodeHead } from '../evidence/decode-head.ts'
import { findFile, readHead, type FoundFile } from '../evidence/evidence-file.ts'
import { WorkbenchError } from '../model/errors.ts'
import { toPackName, toPackVersion } from './pack-name.ts'
import type { PackEntryUnit, PackHeaderUnit } from './packs/pack-reader.ts'
import { detectPackReader } from './packs/registry.ts'
import { Shelf, suffixesOf, type ShelfEntry, type ShelfPack } from './shelf.ts'

const HEAD_BYTES = 64 * 1024
const CHUNK = 1024 * 1024

interface PackFile {
  readonly header: PackHeaderUnit
  readonly name: string
  readonly createdAt: number
  readonly entries: readonly PackEntryUnit[]
}

/**
 * Pack files as a shelf in memory, with those entries alone that can concern the given hosts: nothing is stored, and a feed of a
 * million entries costs one reading.
 * @param now stands for the time of packs that state none, microseconds UTC
 * @throws WorkbenchError `pack.invalid` (no known format, no pattern in it), `evidence.unreadable`, `evidence.empty`
 */
export function readPackFiles(paths: readonly string[], hosts: Iterable<string>, now: number): Shelf {
  const names = new Set<string>()
  for (const host of new Set(hosts)) for (const name of suffixesOf(host)) names.add(name)
  const files = paths.map((path) => readPackFile(findFile(path), names, now))
  // Oldest first; of two with one time the one given later counts as newer (JUDGE.md, "Matching URLs").
  files.sort((a, b) => a.createdAt - b.createdAt)
  const packs = files.map(({ header, name, createdAt }, index): ShelfPack => ({
    id: index + 1,
    name,
    version: header.version ?? toPackVersion(createdAt),
    createdAt,
  }))
  return new Shelf(packs, entriesOf(files))
}

function* entriesOf(files: readonly PackFile[]): Iterable<ShelfEntry> {
  for (const [pack, { entries }] of files.entries()) {
    for (const { pattern, text, level, expiresAt } of entries)
      yield { ...pattern, text, level, pack, expiresAt: expiresAt ?? null }
  }
}

function readPackFile(file: FoundFile, names: ReadonlySet<string>, now: number): PackFile {
  const reader = detectPackReader(decodeHead(readHead(file.path, HEAD_BYTES)))
  if (!reader) throw new WorkbenchError('pack.invalid', { file: file.name, reason: 'unrecognised' })
  const entries: PackEntryUnit[] = []
  let count = 0
  let header: PackHeaderUnit = { kind: 'header' }
  try {
    for (const unit of reader.read(readChunks(file.path), { level: null, levels: {} })) {
      if (unit.kind === 'header') header = { ...header, ...stated(unit) }
      if (unit.kind !== 'entry') continue
      count += 1
      if (names.has(unit.pattern.host)) entries.push(unit)
    }
  } catch (cause) {
    if (!(cause instanceof WorkbenchError) || cause.code !== 'pack.invalid') throw cause
    throw new WorkbenchError('pack.invalid', { ...cause.params, file: file.name }, { cause })
  }
  if (count === 0) throw new WorkbenchError('pack.invalid', { file: file.name, reason: 'no-patterns' })
  return { header, entries, name: header.name ?? toPackName(file.name), createdAt: header.createdAt ?? now }
}

/** Later words of a file about itself win; what a unit leaves open does not count. */
const stated = (unit: PackHeaderUnit): Partial<PackHeaderUnit> =>
  Object.fromEntries(Object.entries(unit).filter(([, value]) => value !== undefined))

function* readChunks(path: string): Iterable<Uint8Array> {
  const fd = openSync(path, 'r')
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK)
      const length = readSync(fd, chunk, 0, CHUNK, null)
      if (length === 0) return
      yield chunk.subarray(0, length)
    }
  } finally {
    closeSync(fd)
  }
}
