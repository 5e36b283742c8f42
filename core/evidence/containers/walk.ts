import { WorkbenchError } from '../../model/errors.ts'
import {
  problem,
  reasonOf,
  type ContainerContext,
  type Member,
  type Problem,
  type Source,
} from './container.ts'
import { findContainer } from './registry.ts'

/** An archive that holds itself (or a chain made by hand) has no end; what lies deeper stays shut. */
export const MAX_DEPTH = 8
/** Ten thousand links or locked members are one finding: this many are named, the others counted. */
const NAMED_PROBLEMS = 100
/** Between the levels of a path: `b.tar.gz > c.evtx`. */
export const LEVEL = ' > '

/** A content that is no container itself, with the path that leads to it inside the evidence file. */
export interface Leaf {
  readonly kind: 'leaf'
  /** Path inside the evidence file, one name a level; empty for the file itself. */
  readonly path: string
  readonly source: Source
}

const join = (path: string, name: string) =>
  path === '' ? name : name === '' ? path : `${path}${LEVEL}${name}`

/**
 * Everything inside an evidence file, containers in containers opened on the way, in an order that depends on the bytes
 * alone. A leaf is read before the next one is asked for.
 * @throws WorkbenchError when the evidence file itself is a container of which nothing can be read
 */
export async function* walk(source: Source, context: ContainerContext): AsyncGenerator<Leaf | Problem> {
  const counts = new Map<string, number>()
  for await (const found of descend(source, context, '', 0)) {
    if (found.kind === 'problem') {
      const count = (counts.get(found.code) ?? 0) + 1
      counts.set(found.code, count)
      if (count > NAMED_PROBLEMS) continue
    }
    yield found
  }
  for (const [code, count] of counts)
    if (count > NAMED_PROBLEMS) yield problem('', 'archive.more', `${code} × ${count - NAMED_PROBLEMS}`)
}

async function* descend(
  source: Source,
  context: ContainerContext,
  path: string,
  depth: number,
): AsyncGenerator<Leaf | Problem> {
  const container = findContainer(await source.head())
  if (!container) {
    yield { kind: 'leaf', path, source }
    return
  }
  if (depth >= MAX_DEPTH) {
    yield problem(path, 'archive.too_deep', String(MAX_DEPTH))
    return
  }
  let isBegun = false
  try {
    for await (const found of container.list(source, context)) {
      isBegun = true
      if (found.kind === 'problem') yield problem(join(path, found.locator), found.code, found.excerpt)
      else yield* member(found, context, path, depth + 1, container.isCoding)
    }
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown
    // The evidence file itself: nothing of it can be read, and the analyst is told at once.
    if (depth === 0 && !isBegun) {
      if (thrown instanceof WorkbenchError) throw thrown
      throw new WorkbenchError(
        'evidence.archive_broken',
        { name: source.name, reason: reasonOf(thrown) },
        { cause: thrown },
      )
    }
    yield problem(path, problemCode(thrown), reasonOf(thrown.cause ?? thrown))
  }
}

/** What damaged bytes make a reader throw; a bug of ours is none of it. */
const isDamage = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && !(thrown instanceof TypeError) && !(thrown instanceof ReferenceError)

async function* member(
  found: Member,
  context: ContainerContext,
  path: string,
  depth: number,
  isCoding: boolean,
): AsyncGenerator<Leaf | Problem> {
  const full = join(path, found.name)
  let isContainer: boolean
  try {
    isContainer = findContainer(await found.head()) !== undefined
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    yield problem(full, problemCode(thrown), reasonOf(thrown))
    return
  }
  // The tar inside `b.tar.gz` is no level of its own.
  if (isContainer) yield* descend(found, context, isCoding ? path : full, depth)
  else yield { kind: 'leaf', path: full, source: found }
}

/** The issue code for an error that cost one member. */
export function problemCode(thrown: unknown): string {
  switch (thrown instanceof WorkbenchError ? thrown.code : undefined) {
    case 'limit.expansion':
      return 'archive.expansion'
    case 'evidence.too_large':
      return 'archive.too_large'
    case 'evidence.encrypted':
      return 'archive.encrypted_member'
    case 'evidence.archive_locked':
      return 'archive.sealed_member'
    case 'evidence.archive_broken':
      return 'archive.broken_archive'
    case 'mapping.invalid':
      return 'archive.needs_mapping'
    case 'evidence.date_order':
      return 'archive.date_order'
    default:
      return 'archive.broken_member'
  }
}
