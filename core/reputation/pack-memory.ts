import { findFile, type FoundFile } from '../evidence/evidence-file.ts'
import { WorkbenchError } from '../model/errors.ts'
import { groupFeeds, openFeedFiles, openFeedFolder, type FeedFiles } from './feed-folder.ts'
import { openPackFile } from './pack-file.ts'
import { ofFile } from './pack-refusal.ts'
import { toPackName, toPackVersion } from './pack-name.ts'
import type { PackEntryUnit, PackHeaderUnit } from './packs/pack-reader.ts'
import { detectPackReader } from './packs/registry.ts'
import type { PackPart } from './shelf-load.ts'
import { Shelf, suffixesOf, type ShelfEntry } from './shelf.ts'

interface PackFile {
  readonly header: PackHeaderUnit
  readonly name: string
  readonly createdAt: number
  readonly entries: readonly PackEntryUnit[]
}

/**
 * Pack files as a shelf in memory, with those entries alone that can concern the given hosts: nothing is stored, and a feed of a
 * million entries costs one reading.
 * @param stored packs of a case that stand beside them
 * @param now stands for the time of packs that state none, microseconds UTC
 * @throws WorkbenchError `pack.*` (no known format, no pattern in it), `evidence.unreadable`, `evidence.empty`
 */
export async function readPackFiles(
  paths: readonly string[],
  hosts: Iterable<string>,
  now: number,
  stored: readonly PackPart[] = [],
): Promise<Shelf> {
  const names = new Set<string>()
  for (const host of new Set(hosts)) for (const name of suffixesOf(host)) names.add(name)
  const files: PackFile[] = []
  for (const given of groupFeeds(paths)) files.push(await readPackFile(given, names, now))
  const parts = [...stored, ...files.map(toPart)]
  // Oldest first; of two with one time the one given later counts as newer (JUDGE.md, "Matching URLs").
  parts.sort((a, b) => a.pack.createdAt - b.pack.createdAt)
  return new Shelf(
    parts.map(({ pack }, index) => ({ ...pack, id: index + 1 })),
    entriesOf(parts),
  )
}

function toPart({ header, name, createdAt, entries }: PackFile): PackPart {
  return {
    pack: { id: 0, name, version: header.version ?? toPackVersion(createdAt), createdAt },
    entries: entries.map(({ pattern, text, level, expiresAt }) => ({
      ...pattern,
      ...{ text, level, pack: 0, expiresAt: expiresAt ?? null },
    })),
  }
}

function* entriesOf(parts: readonly PackPart[]): Iterable<ShelfEntry> {
  for (const [pack, { entries }] of parts.entries()) for (const entry of entries) yield { ...entry, pack }
}

async function readPackFile(
  given: string | FeedFiles,
  names: ReadonlySet<string>,
  now: number,
): Promise<PackFile> {
  const { signal } = new AbortController()
  const feed = typeof given === 'string' ? openFeedFolder(given, signal) : openFeedFiles(given, signal)
  const file: FoundFile = feed ?? findFile(typeof given === 'string' ? given : given.manifest)
  const content = feed?.content ?? (await openPackFile(file))
  const reader = detectPackReader(content.head)
  if (!reader) throw new WorkbenchError(feed ? 'pack.no_patterns' : 'pack.unrecognised', { file: file.name })
  const entries: PackEntryUnit[] = []
  let count = 0
  let header: PackHeaderUnit = { kind: 'header' }
  try {
    for (const unit of reader.read(content.chunks(), { level: null, levels: {} })) {
      if (unit.kind === 'header') header = { ...header, ...stated(unit) }
      if (unit.kind !== 'entry') continue
      count += 1
      if (names.has(unit.pattern.host)) entries.push(unit)
    }
  } catch (cause) {
    throw ofFile(cause, file.name)
  }
  if (count === 0) throw new WorkbenchError('pack.no_patterns', { file: file.name })
  return {
    header,
    entries,
    name: header.name ?? toPackName(content.name),
    createdAt: header.createdAt ?? now,
  }
}

/** Later words of a file about itself win; what a unit leaves open does not count. */
const stated = (unit: PackHeaderUnit): Partial<PackHeaderUnit> =>
  Object.fromEntries(Object.entries(unit).filter(([, value]) => value !== undefined))
