import type { EntityRef } from '../../contract/shapes.ts'
import { outside, type Block, type Mark, type Words } from '../document.ts'
import { entityText } from '../entity-text.ts'
import { shared } from '../words.ts'

const WIDTH = 660
const LEFT = 150
const RIGHT = WIDTH - 14
const LANE = 20
const TOP = 12
/** Lanes that one figure holds; the rest shares the last one. */
const MAX_LANES = 24

export interface LaneMark {
  readonly at: string | null
  readonly lane: EntityRef | null
  /** On the path under study. */
  readonly isRed: boolean
}

/** A strip of time with one lane per endpoint or user, lanes in the order they were first touched. Undefined without times. */
export function lanesFigure(
  marks: readonly LaneMark[],
  time: (at: string) => string,
  caption: Words,
): Block | undefined {
  const dated = marks.flatMap((mark) =>
    mark.at === null ? [] : [{ ...mark, at: mark.at, ms: Date.parse(mark.at) }],
  )
  dated.sort((a, b) => a.ms - b.ms)
  const [first, last] = [dated[0], dated.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const lanes = [...new Map(dated.map(({ lane }) => [lane?.id ?? '', lane])).entries()]
  const rows = new Map(lanes.map(([id], index) => [id, Math.min(index, MAX_LANES - 1)]))
  const span = Math.max(1, last.ms - first.ms)
  const x = (ms: number): number =>
    first.ms === last.ms ? (LEFT + RIGHT) / 2 : LEFT + 6 + ((ms - first.ms) / span) * (RIGHT - LEFT - 12)
  const y = (row: number): number => TOP + row * LANE
  const shown = Math.min(lanes.length, MAX_LANES)
  const foot = y(shown - 1) + 16
  const names = lanes.slice(0, MAX_LANES).flatMap(([id, lane], index): readonly Mark[] => [
    {
      mark: 'text',
      at: [LEFT - 10, y(index) + 3],
      text:
        index === MAX_LANES - 1 && lanes.length > MAX_LANES
          ? shared('pin.otherLanes', { n: lanes.length - MAX_LANES + 1 })
          : lane === null || id === ''
            ? shared('unknown')
            : outside(entityText(lane)),
      size: 8.5,
      ink: 'ink',
      anchor: 'end',
      columns: 26,
    },
    { mark: 'line', from: [LEFT, y(index)], to: [RIGHT, y(index)], ink: 'line', width: 0.6 },
  ])
  const dots = [
    ...new Map(
      dated.map((mark) => [
        `${rows.get(mark.lane?.id ?? '') ?? 0} ${Math.round(x(mark.ms))} ${mark.isRed}`,
        mark,
      ]),
    ).values(),
  ]
  const points = dots.map((mark): Mark => {
    const at = [x(mark.ms), y(rows.get(mark.lane?.id ?? '') ?? 0)] as const
    return mark.isRed
      ? { mark: 'circle', at, radius: 4, ink: 'thread', fill: 'ground', width: 2 }
      : { mark: 'line', from: [at[0], at[1] - 5], to: [at[0], at[1] + 5], ink: 'muted', width: 1 }
  })
  const stamp = (at: number, said: string, anchor: 'start' | 'end'): Mark => ({
    mark: 'text',
    at: [at, foot + 10],
    text: outside(said),
    size: 9,
    ink: 'muted',
    anchor,
  })
  return {
    block: 'figure',
    width: WIDTH,
    height: foot + 18,
    marks: [
      ...names,
      ...points,
      stamp(LEFT, time(first.at), 'start'),
      ...(first.ms === last.ms ? [] : [stamp(RIGHT, time(last.at), 'end')]),
    ],
    caption,
  }
}
