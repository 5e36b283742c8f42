import type { PlanItem } from '../../contract/nouns/plan.ts'
import { outside, words, type Block, type Mark, type Words } from '../document.ts'
import { printedName } from '../entity-text.ts'
import { shared } from '../words.ts'

const WIDTH = 660
const ABOUT = 170
const STATE = 470
const TOP = 34
const ROW = 19
const STATES = ['open', 'approved', 'declined'] as const

/** Steps of the plan down, what the analyst decided across: a filled disc says which. Undefined without steps. */
export function planFigure(items: readonly PlanItem[], caption: Words): Block | undefined {
  if (items.length === 0) return undefined
  const x = (state: number): number => STATE + 34 + state * 64
  const heads = STATES.map((state, index): Mark => ({
    mark: 'text',
    at: [x(index), 16],
    text: shared(`state.${state}`),
    size: 9,
    ink: 'ink',
    anchor: 'middle',
    bold: true,
    columns: 12,
  }))
  const body = items.flatMap((item, index): readonly Mark[] => {
    const y = TOP + index * ROW
    const said = (
      at: number,
      text: Words | ReturnType<typeof outside>,
      isBold: boolean,
      columns: number,
    ): Mark => ({
      mark: 'text',
      at: [at, y + 3],
      text,
      size: 8.8,
      ink: 'ink',
      anchor: 'start',
      bold: isBold,
      columns,
    })
    return [
      said(4, { ...words(`plan.action.${item.action}`), fallback: item.action }, true, 30),
      said(ABOUT, outside(aboutOf(item)), false, 52),
      { mark: 'line', from: [0, y + 9.5], to: [WIDTH, y + 9.5], ink: 'line', width: 0.5 },
      ...STATES.map((state, at): Mark => ({
        mark: 'circle',
        at: [x(at), y],
        radius: 4.6,
        ink: 'ink',
        fill: item.state === state ? 'ink' : 'ground',
        width: item.state === state ? 1 : 0.5,
      })),
    ]
  })
  return {
    block: 'figure',
    width: WIDTH,
    height: TOP + items.length * ROW,
    marks: [...heads, { mark: 'line', from: [0, 24], to: [WIDTH, 24], ink: 'ink', width: 0.9 }, ...body],
    caption,
  }
}

/** The thing, then whose it is. */
function aboutOf({ subject, target }: PlanItem): string {
  const whose = target.mailbox ?? target.account ?? target.endpoint
  const what = subject === null ? target.url : printedName(subject)
  return [what, ...(whose === what ? [] : [whose])].filter((one) => one !== null && one !== '').join(' · ')
}
