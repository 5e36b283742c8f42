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
  const steps = input.steps.flatMap((at, index) => (at === null ? [] : [{ ms: Date.parse(at), at, number: index + 1 }]))
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
    text(LEFT, ZOOM_Y + 40, input.time(first.at), 'start'),
    text(RIGHT, ZOOM_Y + 40, input.time(last.at), 'end'),
  ]
  return { block: 'figure', width: WIDTH, height: ZOOM_Y + 48, marks, caption: input.caption }
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
    const points = [[left, top], [right, top], [right, BAR_FOOT], [left, BAR_FOOT]] as const
    return [{ mark: 'shape', points, ink: 'line', fill: 'line', width: 0 } satisfies Mark]
  })
}

/** Numbers of steps that would overlap go to a second and third line. */
function numberedSteps(steps: readonly { ms: number; number: number }[], from: number, to: number): readonly Mark[] {
  const ends = [-Infinity, -Infinity, -Infinity]
  return steps.flatMap((step) => {
    const at = to === from ? WIDTH / 2 : LEFT + 8 + ((step.ms - from) / (to - from)) * (RIGHT - LEFT - 16)
    const lane = Math.max(0, ends.findIndex((end) => at - end >= 14))
    ends[lane] = at
    const y = ZOOM_Y - 5 + lane * 12 + (lane === 0 ? 0 : 6)
    const label: Mark = { mark: 'text', at: [at, lane === 0 ? ZOOM_Y - 9 : y + 8], text: outside(String(step.number)), size: 9, ink: 'ink', anchor: 'middle', bold: true }
    const dot: Mark = { mark: 'circle', at: [at, ZOOM_Y], radius: 4, ink: 'thread', fill: 'ground', width: 2 }
    return [dot, label]
  })
}

const line = (x1: number, y1: number, x2: number, y2: number, ink: 'muted' | 'thread' | 'line', width: number): Mark => ({
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
