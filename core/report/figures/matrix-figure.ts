import type { MatrixRow } from '../../contract/nouns/exposure.ts'
import { outside, type Block, type Mark, type Words } from '../document.ts'
import { shared } from '../words.ts'

const WIDTH = 660
const NAME = 250
const TOP = 34
const ROW = 19
const STEPS = ['delivered', 'opened', 'clicked', 'executed', 'loggedOn'] as const

/** Recipients down, what they did across: a filled disc is done, a ring perhaps, a ring with a stroke was stopped. Undefined without recipients. */
export function matrixFigure(rows: readonly MatrixRow[], caption: Words): Block | undefined {
  if (rows.length === 0) return undefined
  const x = (step: number): number => NAME + 40 + step * ((WIDTH - NAME - 80) / (STEPS.length - 1))
  const heads = STEPS.map((step, index): Mark => ({
    mark: 'text',
    at: [x(index), 16],
    text: shared(`matrix.${step}`),
    size: 9,
    ink: 'ink',
    anchor: 'middle',
    bold: true,
    columns: 17,
  }))
  const body = rows.flatMap((row, index): readonly Mark[] => {
    const y = TOP + index * ROW
    return [
      {
        mark: 'text',
        at: [4, y + 3],
        text: outside(row.address === '' ? (row.user?.name ?? row.mailbox?.name ?? '') : row.address),
        size: 8.8,
        ink: 'ink',
        anchor: 'start',
        columns: 46,
      },
      { mark: 'line', from: [0, y + 9.5], to: [WIDTH, y + 9.5], ink: 'line', width: 0.5 },
      ...STEPS.flatMap((step, at) => cell(row, step, [x(at), y])),
    ]
  })
  return {
    block: 'figure',
    width: WIDTH,
    height: TOP + rows.length * ROW,
    marks: [...heads, { mark: 'line', from: [0, 24], to: [WIDTH, 24], ink: 'ink', width: 0.9 }, ...body],
    caption,
  }
}

function cell(row: MatrixRow, step: (typeof STEPS)[number], at: readonly [number, number]): readonly Mark[] {
  const isPerhaps = row.perhaps.some((one) => one === step)
  if (row[step] !== null)
    return [
      {
        mark: 'circle',
        at,
        radius: 4.6,
        ink: 'ink',
        fill: isPerhaps ? 'ground' : 'ink',
        width: isPerhaps ? 1.2 : 1,
      },
    ]
  if (step !== 'clicked' || row.blocked === null) return []
  const [x, y] = at
  return [
    { mark: 'circle', at, radius: 4.6, ink: 'ink', fill: 'ground', width: 1.2 },
    { mark: 'line', from: [x - 3, y + 3], to: [x + 3, y - 3], ink: 'ink', width: 1.2 },
  ]
}
