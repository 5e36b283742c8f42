import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, type Stats } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { EvidenceFile } from '../evidence/evidence-file.ts'
import { WorkbenchError } from '../model/errors.ts'
import { ofFile, packTooLarge } from './pack-refusal.ts'
import type { PackContent } from './pack-file.ts'
import { feedChunks, MANIFEST, readManifest } from './packs/misp-feed.ts'
import { MAX_JSON_BYTES } from './packs/read-json.ts'

/** A manifest names thousands of events in a few hundred kilobytes; what is larger is none. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024

/** The folder of a MISP feed as one pack: its hash and size are those of all its events in the order of their names. */
export interface FeedFolder extends EvidenceFile {
  readonly content: PackContent
}

/**
 * Opens the folder of a MISP feed.
 * @returns undefined when the path is no folder
 * @throws WorkbenchError `pack.no_manifest`, `pack.too_large`, `evidence.unreadable`
 */
export function openFeedFolder(path: string, signal: AbortSignal): FeedFolder | undefined {
  const stat = lookAt(path)
  if (stat?.isDirectory() !== true) return undefined
  const name = basename(resolve(path))
  const manifest = readRegular(join(path, MANIFEST), MAX_MANIFEST_BYTES, name)
  const uuids = manifest === undefined ? undefined : readManifest(new TextDecoder().decode(manifest))
  if (uuids === undefined) throw new WorkbenchError('pack.no_manifest', { file: name })
  const open: OpenEvent = (uuid) => readRegular(join(path, `${uuid}.json`), MAX_JSON_BYTES, name)
  return readFeed({ path, name, stat, uuids, open }, signal)
}

/** A manifest and events of a MISP feed that were chosen as files. */
export interface FeedFiles {
  readonly manifest: string
  readonly uuids: readonly string[]
  /** Uuid -> path of the event. */
  readonly events: ReadonlyMap<string, string>
}

/**
 * Finds MISP feeds among chosen files: a manifest and the events of it that lie beside it are one pack. What was not chosen is not read.
 * @throws WorkbenchError `evidence.unreadable`
 */
export function groupFeeds(paths: readonly string[]): (string | FeedFiles)[] {
  const feeds = paths.flatMap((path) => {
    if (basename(path).toLowerCase() !== MANIFEST) return []
    const manifest = readRegular(path, MAX_MANIFEST_BYTES, basename(path))
    const uuids = manifest === undefined ? undefined : readManifest(new TextDecoder().decode(manifest))
    if (uuids === undefined) return []
    const wanted = new Set(uuids.map((uuid) => `${uuid}.json`))
    const folder = dirname(resolve(path))
    const events = paths.flatMap((one): [string, string][] => {
      const name = basename(one).toLowerCase()
      return wanted.has(name) && dirname(resolve(one)) === folder
        ? [[name.slice(0, -'.json'.length), one]]
        : []
    })
    return [{ manifest: path, uuids, events: new Map(events) }]
  })
  const taken = new Set(feeds.flatMap(({ manifest, events }) => [manifest, ...events.values()]))
  return [...feeds, ...paths.filter((path) => !taken.has(path))]
}

/**
 * The chosen files of a MISP feed as one pack; it is named after their folder, as the folder itself would be.
 * @throws WorkbenchError `pack.feed_alone` for a manifest without any of its events, `pack.too_large`, `evidence.unreadable`
 */
export function openFeedFiles({ manifest, uuids, events }: FeedFiles, signal: AbortSignal): FeedFolder {
  if (events.size === 0)
    throw new WorkbenchError('pack.feed_alone', { file: basename(manifest), events: uuids.length })
  const name = basename(dirname(resolve(manifest))) || MANIFEST
  const stat = lookAt(manifest)
  const open: OpenEvent = (uuid) => {
    const path = events.get(uuid)
    return path === undefined ? undefined : readRegular(path, MAX_JSON_BYTES, name)
  }
  if (stat === undefined) throw new WorkbenchError('evidence.unreadable', { name, reason: 'ENOENT' })
  return readFeed({ path: manifest, name, stat, uuids, open }, signal)
}

/** Bytes of an event; undefined when there is none. */
type OpenEvent = (uuid: string) => Uint8Array | undefined

interface Feed {
  readonly path: string
  readonly name: string
  readonly stat: Stats
  readonly uuids: readonly string[]
  readonly open: OpenEvent
}

function readFeed({ path, name, stat, uuids, open }: Feed, signal: AbortSignal): FeedFolder {
  const parts: Uint8Array[] = []
  const hash = createHash('sha256')
  let bytes = 0
  for (const chunk of feedChunks(uuids, open)) {
    signal.throwIfAborted()
    bytes += chunk.length
    if (bytes > MAX_JSON_BYTES) throw ofFile(packTooLarge(MAX_JSON_BYTES), name)
    hash.update(chunk)
    parts.push(chunk)
  }
  const head = new TextDecoder().decode(Buffer.concat(parts.slice(0, 2)).subarray(0, 64 * 1024))
  return {
    path,
    name,
    bytes,
    mtimeUs: Math.round(stat.mtimeMs * 1000),
    sha256: hash.digest('hex'),
    // It was read whole: like something unpacked, the bytes that are stored are the bytes that were hashed.
    content: { name, head, isPacked: true, chunks: () => parts },
  }
}

const codeOf = (thrown: unknown): string => (thrown as { code?: string }).code ?? 'unknown'

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new WorkbenchError(
      'evidence.unreadable',
      { name: basename(path), reason: codeOf(cause) },
      { cause },
    )
  }
}

/** A file itself: links out of the folder are not followed. */
function readRegular(path: string, most: number, feed: string): Uint8Array | undefined {
  const stat = lookAt(path)
  if (stat === undefined || !stat.isFile()) return undefined
  if (stat.size > most) throw ofFile(packTooLarge(most), feed)
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new WorkbenchError(
      'evidence.unreadable',
      { name: basename(path), reason: codeOf(cause) },
      { cause },
    )
  }
}
