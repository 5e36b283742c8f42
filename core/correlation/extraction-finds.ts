import { baseName } from '../normalise/path.ts'
import { currentDirectory } from './current-directory.ts'
import { fileOn, proofOf } from './drafts.ts'
import { archiveOf, compressedFolderOf, isArchiver, isContainer, isInArchiverFolder } from './extraction.ts'
import { splitStream, useOf } from './file-names.ts'
import { openedFiles } from './opened-files.ts'
import type { RelationDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Explorer itself wrote the archive's path beside the file. */
const BY_MARK = 0.97
/** The folder names the archive, and an archive of that name was seen on the endpoint. */
const BY_FOLDER = 0.93
/** The folder names the archive; where it lay was not recorded. */
const BY_NAME = 0.7
/** An archiver that names one archive writes a file: it may also be one of its own. */
const BY_ARCHIVER = 0.85
/** A program on a drive that appeared right after a disk image: it may be a stick. */
const BY_DRIVE = 0.5
/** The mounting itself is on record, and the drive was new. */
const BY_MOUNT = 0.8
const MOUNT_WINDOW_US = 3_600_000_000

/** Archives and drives as they appear, per endpoint. */
export class SeenContainers {
  readonly archives = new Map<string, string>()
  readonly images = new Map<number, { path: string; at: number; isMounted: boolean }>()
  readonly drives = new Set<string>()
  /** Key of an archiver's process -> the archive it takes apart. */
  readonly unpacking = new Map<string, string>()

  note(endpointId: number, path: string, at: number | null): void {
    if (!isContainer(path)) return
    this.archives.set(`${endpointId}|${baseName(path).toLowerCase()}`, path)
    const known = this.images.get(endpointId)
    // What was mounted stays the image in question until another one is mounted.
    if (
      useOf(path) === 'disk-image' &&
      at !== null &&
      !(known?.isMounted === true && at - known.at <= MOUNT_WINDOW_US)
    )
      this.images.set(endpointId, { path, at, isMounted: false })
  }

  /** Windows recorded the mounting of a disk image. */
  mount(endpointId: number, path: string, at: number): void {
    this.archives.set(`${endpointId}|${baseName(path).toLowerCase()}`, path)
    this.images.set(endpointId, { path, at, isMounted: true })
  }
}

/** What a written or marked file tells. Reasons are those of `archive.extracted`. */
export function* extractedByWrite(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  seen: SeenContainers,
): Generator<RelationDraft> {
  const { target, referrer } = event.fields
  if (target === undefined) return
  const { path, stream } = splitStream(target)
  seen.note(endpointId, path, event.at)
  const host = view.entity(endpointId)
  const to = fileOn(host, path, stream === undefined ? event.fields : {})
  const base = { kind: 'extracted-to' as const, to, at: event.at, proof: proofOf(event) }
  if (referrer !== undefined && /^[a-z]:\\/i.test(referrer) && isContainer(referrer)) {
    yield {
      ...base,
      from: fileOn(host, referrer),
      confidence: BY_MARK,
      reason: 'mark',
      params: { archive: baseName(referrer) },
    }
    return
  }
  yield* inFolder(view, event, endpointId, path, seen)
  if (compressedFolderOf(path) !== undefined || stream !== undefined) return
  const { processPath, processGuid, pid } = event.fields
  const isPossible = processPath === undefined || isArchiver(processPath)
  const process = isPossible ? view.processes.find(endpointId, processGuid, pid, event.at) : undefined
  const archive = process && seen.unpacking.get(process.draft.key)
  if (process && archive !== undefined && archive.toLowerCase() !== path.toLowerCase() && !isOwnFile(path))
    yield {
      ...base,
      from: fileOn(host, archive),
      confidence: BY_ARCHIVER,
      reason: 'archiver',
      params: { program: process.draft.name },
    }
}

/** Settings and caches of archivers. */
const isOwnFile = (path: string) =>
  /\\appdata\\(roaming|local)\\(7-zip|winrar|winzip|bandizip|peazip)\\/i.test(path) ||
  (useOf(path) === undefined && /\.(tmp|ini|log)$/i.test(path))

/** What the image and the opened files of a process start tell. */
export function* extractedByStart(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  seen: SeenContainers,
): Generator<RelationDraft> {
  const { processPath = '', commandLine = '', detail } = event.fields
  const directory = currentDirectory(detail)
  const opened = openedFiles(processPath, commandLine, directory).map((file) => file.path)
  const unpacked = archiveOf(processPath, commandLine, directory)
  const archiver = unpacked === undefined ? undefined : view.processes.actorOf(event)
  if (unpacked !== undefined && archiver) seen.unpacking.set(archiver.draft.key, unpacked)
  for (const path of opened) seen.note(endpointId, path, event.at)
  for (const path of [processPath, ...opened]) {
    yield* inFolder(view, event, endpointId, path, seen)
    if (isInArchiverFolder(path)) yield* byArchiverParent(view, event, endpointId, path, seen)
  }
  for (const path of [processPath, ...opened]) yield* onMountedDrive(view, event, endpointId, path, seen)
}

/** A program run, or a file opened, on a drive that was not there before a disk image was saved, opened or mounted. */
function* onMountedDrive(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  path: string,
  seen: SeenContainers,
): Generator<RelationDraft> {
  const drive = /^([d-z]):\\/i.exec(path)?.[1]?.toUpperCase()
  if (drive === undefined || isContainer(path) || seen.drives.has(`${endpointId}|${drive}`)) return
  const image = seen.images.get(endpointId)
  const isMounted =
    image !== undefined &&
    event.at !== null &&
    event.at >= image.at &&
    event.at - image.at <= MOUNT_WINDOW_US &&
    !image.path.toUpperCase().startsWith(`${drive}:`)
  const isImage = path === event.fields.processPath
  // A mounted drive stays "new" for the other programs on it; one seen without an image is an ordinary drive.
  if (!isMounted) seen.drives.add(`${endpointId}|${drive}`)
  else
    yield {
      kind: 'extracted-to',
      from: fileOn(view.entity(endpointId), image.path),
      to: fileOn(view.entity(endpointId), path, isImage ? event.fields : {}),
      at: event.at,
      confidence: image.isMounted ? BY_MOUNT : BY_DRIVE,
      reason: image.isMounted ? 'mounted' : 'drive',
      params: { drive: `${drive}:` },
      proof: proofOf(event),
    }
}

function* inFolder(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  path: string,
  seen: SeenContainers,
): Generator<RelationDraft> {
  const name = compressedFolderOf(path)
  if (name === undefined) return
  const host = view.entity(endpointId)
  const known = seen.archives.get(`${endpointId}|${name.toLowerCase()}`)
  yield {
    kind: 'extracted-to',
    from: fileOn(host, known ?? name),
    to: fileOn(host, path),
    at: event.at,
    confidence: known === undefined ? BY_NAME : BY_FOLDER,
    reason: known === undefined ? 'folder_unseen' : 'folder',
    params: { archive: name },
    proof: proofOf(event),
  }
}

/** A program run out of 7-Zip's or WinRAR's window is a child of it. */
function* byArchiverParent(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  path: string,
  seen: SeenContainers,
): Generator<RelationDraft> {
  const process = view.processes.actorOf(event)
  const parent = process?.event ? view.processes.parentOf(process.event) : undefined
  // A parent from before the log began is known by the command line its child repeats.
  const archive =
    parent && (seen.unpacking.get(parent.draft.key) ?? archiveOf(parent.path, parent.commandLine))
  if (!parent || archive === undefined) return
  const host = view.entity(endpointId)
  yield {
    kind: 'extracted-to',
    from: fileOn(host, archive),
    to: fileOn(host, path),
    at: event.at,
    confidence: BY_ARCHIVER,
    reason: 'archiver',
    params: { program: parent.draft.name },
    proof: proofOf(event),
  }
}
