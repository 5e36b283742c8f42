import type { Block, Mark, Point, Words } from '../document.ts'
import { outside } from '../document.ts'
import type { EntityRef } from '../../contract/shapes.ts'
import { basisOf, strokeOf } from '../facts/basis.ts'
import type { Places } from '../facts/places.ts'
import type { Path } from '../facts/story.ts'
import { confidenceWords, kindWords, relationWords, shared } from '../words.ts'
import { entityText } from '../entity-text.ts'
import { kindShape } from './kind-shape.ts'

const WIDTH = 660
const STEP = 56
const TOP = 22
/** The thread runs down here; times stand left of it, names right. */
const THREAD_X = 150
const TEXT_X = THREAD_X + 24
/** Characters of 11-unit text that fit right of the thread. */
const NAME_COLUMNS = 74

/**
 * The attack path as one red thread down the page: a knot per entity, a length of thread per step, dashed where a step
 * is only possible, dotted where the analyst says so. In black and white the thread is still the only heavy line.
 */
export function pathFigure(
  path: Path,
  places: Places,
  time: (at: string | null) => string,
  caption: Words,
): Block {
  const y = (index: number): number => TOP + index * STEP
  const threads = path.hops.map((hop, index): Mark => ({
    mark: 'line',
    from: [THREAD_X, y(index)],
    to: [THREAD_X, y(index + 1)],
    ink: 'thread',
    width: 3,
    stroke: strokeOf(basisOf(hop.relation, hop.observed)),
  }))
  const labels = path.hops.flatMap((hop, index) =>
    stepLabels(hop, index, [THREAD_X, y(index) + STEP / 2], time),
  )
  const entities = path.hops.flatMap((hop, index) => (index === 0 ? [hop.from, hop.to] : [hop.to]))
  const knots = entities.flatMap((entity, index): readonly Mark[] => [
    ...kindShape(entity.kind, [THREAD_X, y(index)], 'thread'),
    {
      mark: 'text',
      at: [TEXT_X, y(index) + 1],
      text: outside(entityText(entity)),
      size: 11.5,
      ink: 'ink',
      anchor: 'start',
      bold: true,
      columns: NAME_COLUMNS,
    },
    {
      mark: 'text',
      at: [TEXT_X, y(index) + 13],
      text: secondLine(entity, places),
      size: 9,
      ink: 'muted',
      anchor: 'start',
      columns: NAME_COLUMNS,
    },
  ])
  return {
    block: 'figure',
    width: WIDTH,
    height: y(path.hops.length) + 22,
    marks: [...threads, ...labels, ...knots],
    caption,
  }
}

/** The kind, and for processes and files the endpoint: that is where the attack stands at this knot. */
function secondLine(entity: EntityRef, places: Places): Words {
  const endpoint = places.get(entity.id)
  return endpoint === undefined
    ? kindWords(entity.kind)
    : shared('kind.on', { kind: kindWords(entity.kind), endpoint })
}

function stepLabels(
  hop: Path['hops'][number],
  index: number,
  [x, y]: Point,
  time: (at: string | null) => string,
): readonly Mark[] {
  const confidence = shared('confidence.with', {
    word: confidenceWords(hop.confidence),
    value: hop.confidence.toFixed(2),
  })
  const label = shared(`step.${basisOf(hop.relation, hop.observed)}`, {
    relation: relationWords(hop.relation),
    confidence,
  })
  const at = time(hop.at)
  return [
    { mark: 'text', at: [x - 14, y + 5.5], text: outside(at), size: 9.5, ink: 'muted', anchor: 'end' },
    {
      mark: 'text',
      at: [x + 24, y + 5.5],
      text: label,
      size: 9.5,
      ink: 'muted',
      anchor: 'start',
      columns: NAME_COLUMNS + 12,
    },
    {
      mark: 'text',
      at: [8, y + 5.5],
      text: outside(String(index + 1)),
      size: 9.5,
      ink: 'muted',
      anchor: 'start',
    },
  ]
}
