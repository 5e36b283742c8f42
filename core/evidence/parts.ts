import type { DetectInput, PartSource } from '../importers/importer.ts'
import { recodeHead } from '../importers/recode.ts'
import { CollectionFiles } from './collection-files.ts'
import { Budget } from './containers/budget.ts'
import { HEAD_BYTES, type Problem, type Source } from './containers/container.ts'
import { type Key, Keyring } from './containers/keyring.ts'
import { findContainer } from './containers/registry.ts'
import { walk, type Leaf } from './containers/walk.ts'
import { decodeHead } from './decode-head.ts'
import { PassDigest } from './repeated-parts.ts'
import type { Beside } from './folder-files.ts'
import { readHead, streamFile, type FoundFile } from './evidence-file.ts'

/** One thing to parse: the file itself or one member of it. `prefix` goes before its locators. */
export interface EvidencePart extends PartSource {
  readonly kind: 'part'
  readonly prefix: string
  /**
   * Why the bytes of a member ended too early: importers then hand on all they have read, as for a file that is cut off.
   * Reading the evidence file itself throws instead.
   */
  readonly failure: Error | undefined
  /** What the analyst says text of a legacy code page is written in; null: found out. */
  readonly encoding: string | null
  head(): Promise<Uint8Array>
  /** Size and SHA-256 of the bytes of a member, once `open` has read them all. */
  digest(): { readonly bytes: number; readonly sha256: string } | undefined
}

export type PartProblem = Problem

export interface Parts {
  /** The file holds several contents (an archive, not one compressed log): unknown members are issues, not questions. */
  readonly isArchive: boolean
  /** What opened the locked members read so far; null where nothing was locked. */
  readonly key: () => Key | null
  /**
   * Parts and problems in an order that depends on the bytes alone; a part is read before the next is asked for.
   * @throws WorkbenchError `evidence.archive_broken`, `evidence.encrypted` when nothing of the archive can be read
   */
  readonly items: AsyncIterable<EvidencePart | PartProblem>
}

export interface OpenOptions {
  /** Tried on locked archives beside the usual one; never stored. */
  readonly passwords: readonly string[]
  /** Text that is neither UTF-8 nor UTF-16 is looked at in this encoding. */
  readonly encoding?: string | null
  /** What lies beside the evidence file itself, where a folder is imported. */
  readonly beside?: Beside | undefined
  /** See {@link ContainerContext}. */
  readonly maxWhole?: number
  /** Told the furthest byte of the evidence file read so far; the whole size once an archive was walked to its end. */
  readonly reached?: (position: number) => void
}

/** The parts of an evidence file: itself, or what its containers hold. Members are never written to disk. */
export async function openParts(file: FoundFile, options: OpenOptions): Promise<Parts> {
  const source = fileSource(file, options.reached)
  const keyring = new Keyring(options.passwords)
  const context = {
    budget: new Budget(file.name, file.bytes),
    keyring,
    ...(options.maxWhole !== undefined && { maxWhole: options.maxWhole }),
  }
  const container = findContainer(await source.head())
  const collection = new CollectionFiles(source, { ...context, budget: new Budget(file.name, file.bytes) })
  return {
    isArchive: await holdsSeveral(source, context),
    key: () => keyring.used,
    items: parts(),
  }
  async function* parts(): AsyncGenerator<EvidencePart | PartProblem> {
    for await (const found of walk(source, context)) {
      if (found.kind === 'problem') yield found
      else yield partOf(found, file.name, options, collection)
    }
    // What lies between and behind the members (directories, padding) belongs to the archive and is accounted for.
    if (container) options.reached?.(file.bytes)
  }
}

function partOf(
  { path, source }: Leaf,
  fileName: string,
  { encoding = null, beside }: OpenOptions,
  collection: CollectionFiles,
): EvidencePart {
  if (path === '')
    return {
      kind: 'part',
      name: fileName,
      size: source.size,
      prefix: '',
      failure: undefined,
      encoding,
      head: () => source.head(),
      digest: () => undefined,
      open: () => source.open(),
      beside,
      file: source.path,
      progress: source.reached,
    }
  let failure: Error | undefined
  let digest: ReturnType<EvidencePart['digest']>
  return {
    kind: 'part',
    name: path,
    size: source.size,
    prefix: `${path} · `,
    encoding,
    get failure() {
      return failure
    },
    head: () => source.head(),
    beside: (name) => collection.nearest(path, name),
    digest: () => digest,
    async *open() {
      failure = undefined
      const pass = digest ? undefined : new PassDigest()
      try {
        for await (const piece of source.open()) {
          pass?.add(piece)
          yield piece
        }
        digest ??= pass?.take()
      } catch (thrown) {
        if (!(thrown instanceof Error)) throw thrown
        failure = thrown
      }
    },
  }
}

/** True unless the file is one content, perhaps under a coding or two. */
async function holdsSeveral(source: Source, context: Parameters<typeof walk>[1]): Promise<boolean> {
  const container = findContainer(await source.head())
  if (!container?.isCoding) return container !== undefined
  let members = 0
  try {
    for await (const found of container.list(source, { ...context, budget: new Budget('', 0) })) {
      if (found.kind !== 'member') continue
      members += 1
      if (members > 1 || (await holdsSeveral(found, context))) return true
    }
  } catch (thrown) {
    // What is wrong with it, reading it will say.
    if (!(thrown instanceof Error)) throw thrown
  }
  return false
}

function fileSource(file: FoundFile, reached?: (position: number) => void): Source {
  let head: Uint8Array | undefined
  return {
    name: file.name,
    size: file.bytes,
    path: file.path,
    ...(reached && { reached }),
    head: () => Promise.resolve((head ??= readHead(file.path, HEAD_BYTES))),
    open: (from = 0) => {
      let position = from
      return streamFile(file, (count) => reached?.((position += count)), from)
    },
  }
}

/** What detection sees of a part. */
export async function detectInput(part: EvidencePart): Promise<DetectInput> {
  const head = recodeHead(await part.head(), part.encoding)
  let text: string | undefined
  return {
    name: part.name,
    head,
    size: part.size,
    get text() {
      return (text ??= decodeHead(head))
    },
  }
}
