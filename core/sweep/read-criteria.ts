import type { CriteriaNode, Indicator, SweepCriteria } from '../contract/nouns/sweep.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { IndicatorReader } from './indicators/indicator-reader.ts'
import { anyOf, IndicatorList } from './indicators/indicator-list.ts'
import { indicatorReaders } from './indicators/registry.ts'

const HEAD_CHARS = 16 * 1024
const MAX_NAME = 300
const MAX_FORMAT = 60

/** A file of indicators, or what the analyst typed. */
export interface IndicatorText {
  readonly name: string
  readonly text: string
}

/**
 * Reads indicators of any format; of several files any is enough.
 * @param options.operator how the lines of a list belong together that does not say so itself
 * @throws WorkbenchError `sweep.unrecognised` when nothing in a file is an indicator, `sweep.invalid` when it is broken,
 *   `request.invalid` for a format that does not exist
 */
export function readCriteria(
  files: readonly IndicatorText[],
  options: {
    readonly name: string | null
    readonly format: string | null
    readonly operator: 'any' | 'all'
  },
): SweepCriteria {
  const list = new IndicatorList()
  const read = files.map(({ name, text }) => {
    const reader = options.format === null ? detect(text, name) : findReader(options.format)
    const { nodes, name: own } = reader.read(text, list)
    if (nodes.length === 0) throw new WorkbenchError('sweep.unrecognised', { name })
    const tree: CriteriaNode = options.operator === 'all' ? { all: nodes } : anyOf(nodes)
    return { name: own ?? name, format: reader.id, tree }
  })
  return {
    name: (options.name ?? read.map(({ name }) => name).join(', ')).slice(0, MAX_NAME),
    format: [...new Set(read.map(({ format }) => format))].join(', ').slice(0, MAX_FORMAT),
    ...withoutUnsupported(list.indicators, anyOf(read.map(({ tree }) => tree))),
  }
}

function detect(text: string, name: string): IndicatorReader {
  const best = bestReader(text)
  if (best === undefined) throw new WorkbenchError('sweep.unrecognised', { name })
  return best
}

function bestReader(text: string): IndicatorReader | undefined {
  const head = text.slice(0, HEAD_CHARS)
  const [best] = indicatorReaders
    .map((reader) => ({ reader, confidence: reader.detect(head) }))
    .sort((a, b) => b.confidence - a.confidence)
  return best === undefined || best.confidence === 0 ? undefined : best.reader
}

/** Whether a text holds an indicator of any format; true for one that is broken, which reading it says. */
export function holdsIndicators(text: string): boolean {
  const reader = bestReader(text)
  if (reader === undefined) return false
  try {
    return reader.read(text, new IndicatorList()).nodes.length > 0
  } catch (thrown) {
    if (thrown instanceof WorkbenchError) return true
    throw thrown
  }
}

function findReader(id: string): IndicatorReader {
  const reader = indicatorReaders.find((one) => one.id === id)
  if (!reader)
    throw new WorkbenchError('request.invalid', {
      field: 'format',
      problem: `${id} (${indicatorReaders.map((one) => one.id).join(', ')})`,
    })
  return reader
}

/**
 * Takes what cannot be looked for out of every `all`, and says so at what stays: else one file size would silence the hash
 * beside it. In `any` it stays, where it harms nobody.
 */
function withoutUnsupported(
  indicators: readonly Indicator[],
  tree: CriteriaNode,
): { indicators: Indicator[]; tree: CriteriaNode } {
  const byId = new Map(indicators.map((one) => [one.id, one]))
  const alone = new Set<string>()
  const isDead = (node: CriteriaNode): boolean =>
    node.indicator !== undefined
      ? byId.get(node.indicator)?.supported !== true
      : (node.any ?? node.all ?? []).every(isDead)
  const mark = (node: CriteriaNode): void => {
    if (node.indicator !== undefined) alone.add(node.indicator)
    for (const child of node.any ?? node.all ?? []) mark(child)
  }
  const prune = (node: CriteriaNode): CriteriaNode => {
    if (node.any !== undefined) return { any: node.any.map(prune) }
    if (node.all === undefined) return node
    const living = node.all.filter((child) => !isDead(child))
    if (living.length === 0 || living.length === node.all.length) return { all: node.all.map(prune) }
    for (const child of living) mark(child)
    const rest = node.all.filter(isDead)
    return { any: [{ all: living.map(prune) }, ...rest] }
  }
  const pruned = prune(tree)
  return {
    tree: pruned,
    indicators: indicators.map((one) =>
      one.supported && alone.has(one.id) ? { ...one, why: { key: 'sweep.why.companion', params: {} } } : one,
    ),
  }
}
