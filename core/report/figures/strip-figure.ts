import { outside, type Block, type Mark, type Words } from '../document.ts'

const WIDTH = 660
const LEFT = 12
const RIGHT = WIDTH - 12
const BAR_TOP = 14
const BAR_FOOT = 58
const ZOOM_Y = 118

export interface StripInput {
  /** Events per bucket over the whole case, oldest first. */
  readonly buckets: readonly { readonly at: string; readonly count: number }[]
  readonly bucketSeconds: number
  /** Times of the path's steps in order; the number of a step is its place + 1. */
  readonly steps: readonly (string | null)[]
  readonly time: (at: string) => string
  readonly caption: Words
}

/**
 * Two strips: all events of the case as grey bars with the path's steps as red ticks, and below it the span of the path
 * alone with numbered steps. Undefined when no step carries a time.
 */
export function stripFigure(input: StripInput): Block | undefined {
  const steps = input.steps.flatMap((at, index) =>
    at === null ? [] : [{ ms: Date.parse(at), at, number: index + 1 }],
  )
  const [first] = steps
  const last = steps.at(-1)
  if (first === undefined || last === undefined) return undefined
  const starts = input.buckets.map((bucket) => Date.parse(bucket.at))
  const from = Math.min(first.ms, ...starts)
  const to = Math.max(last.ms, ...starts.map((start) => start + input.bucketSeconds * 1000), from + 1)
  const x = (ms: number): number => LEFT + ((ms - from) / (to - from)) * (RIGHT - LEFT)
  const iso = (ms: number): string => new Date(ms).toISOString()
  const marks: Mark[] = [
    ...bars(input, starts, x),
    line(LEFT, BAR_FOOT, RIGHT, BAR_FOOT, 'muted', 0.8),
    text(LEFT, BAR_FOOT + 13, input.time(iso(from)), 'start'),
    text(RIGHT, BAR_FOOT + 13, input.time(iso(to)), 'end'),
    ...steps.map((step) => line(x(step.ms), BAR_TOP - 4, x(step.ms), BAR_FOOT, 'thread', 1.4)),
    line(x(first.ms), BAR_FOOT, LEFT, ZOOM_Y - 14, 'line', 0.8),
    line(x(last.ms), BAR_FOOT, RIGHT, ZOOM_Y - 14, 'line', 0.8),
    line(LEFT, ZOOM_Y, RIGHT, ZOOM_Y, 'thread', 3),
    ...numberedSteps(steps, first.ms, last.ms),
    text(LEFT, ZOOM_Y + 18, input.time(first.at), 'start'),
    text(RIGHT, ZOOM_Y + 18, input.time(last.at), 'end'),
  ]
  return { block: 'figure', width: WIDTH, height: ZOOM_Y + 26, marks, caption: input.caption }
}

/** Bar heights grow with the logarithm: an attack is small beside a working day. */
function bars(input: StripInput, starts: readonly number[], x: (ms: number) => number): readonly Mark[] {
  const tallest = Math.log1p(Math.max(1, ...input.buckets.map((bucket) => bucket.count)))
  return input.buckets.flatMap((bucket, index) => {
    const start = starts[index]
    if (bucket.count === 0 || start === undefined) return []
    const left = x(start)
    const right = Math.max(left + 1, x(start + input.bucketSeconds * 1000) - 0.6)
    const top = BAR_FOOT - (Math.log1p(bucket.count) / tallest) * (BAR_FOOT - BAR_TOP)
    const points = [
      [left, top],
      [right, top],
      [right, BAR_FOOT],
      [left, BAR_FOOT],
    ] as const
    return [{ mark: 'shape', points, ink: 'line', fill: 'line', width: 0 } satisfies Mark]
  })
}

/** Steps closer together than this share one mark and one label. */
const NEAR = 22

interface Group {
  readonly at: number
  readonly numbers: number[]
}

/** `2`, `2–5` or `2, 5`: the steps that share a mark. */
function groupLabel(numbers: readonly number[]): string {
  const first = numbers[0] ?? 0
  const last = numbers.at(-1) ?? first
  if (first === last) return String(first)
  return last - first === numbers.length - 1 ? `${first}–${last}` : numbers.join(', ')
}

function numberedSteps(
  steps: readonly { ms: number; number: number }[],
  from: number,
  to: number,
): readonly Mark[] {
  const groups: Group[] = []
  for (const step of steps) {
    const at = to === from ? WIDTH / 2 : LEFT + 12 + ((step.ms - from) / (to - from)) * (RIGHT - LEFT - 24)
    const group = groups.at(-1)
    if (group && at - group.at < NEAR) group.numbers.push(step.number)
    else groups.push({ at, numbers: [step.number] })
  }
  return groups.flatMap(({ at, numbers }): readonly Mark[] => [
    { mark: 'circle', at: [at, ZOOM_Y], radius: 4, ink: 'thread', fill: 'ground', width: 2 },
    {
      mark: 'text',
      at: [at, ZOOM_Y - 9],
      text: outside(groupLabel(numbers)),
      size: 9,
      ink: 'ink',
      anchor: 'middle',
      bold: true,
    },
  ])
}

const line = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  ink: 'muted' | 'thread' | 'line',
  width: number,
): Mark => ({
  mark: 'line',
  from: [x1, y1],
  to: [x2, y2],
  ink,
  width,
})
const text = (x: number, y: number, said: string, anchor: 'start' | 'end'): Mark => ({
  mark: 'text',
  at: [x, y],
  text: outside(said),
  size: 9,
  ink: 'muted',
  anchor,
})
