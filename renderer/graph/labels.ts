import { defangName } from '../text/defang.ts'
import { toVisible } from '../text/visible.ts'
import type { SliceNode } from './slice.ts'

// In half-width cells: a Chinese or Japanese character takes two.
const MAX_NAME = 24
const MAX_DETAIL = 28
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u

const cells = (character: string): number => (WIDE.test(character) ? 2 : 1)
function cut(text: string, limit: number): string {
  let used = 0
  let kept = ''
  for (const character of text) {
    used += cells(character)
    if (used > limit) return `${kept}…`
    kept += character
  }
  return text
}

/** File names matter at their end: paths keep it, everything else keeps its start. */
export function shortName(node: Pick<SliceNode, 'kind' | 'name'>): string {
  const shown = toVisible(defangName(node.kind, node.name)).replaceAll('\n', ' ')
  const tail = /[^\\/]+$/u.exec(shown)?.[0]
  if (
    shown.length > MAX_NAME &&
    (node.kind === 'file' || node.kind === 'process' || node.kind === 'attachment') &&
    tail
  )
    return cut(tail, MAX_NAME)
  return cut(shown, MAX_NAME)
}

export const shortDetail = (node: Pick<SliceNode, 'detail'>): string =>
  cut(toVisible(defangName('text', node.detail)).replaceAll('\n', ' '), MAX_DETAIL)

// Pixels of a half-width cell at 12 px (nodes) and 11 px (lines), on the wide side; see canvas-style.ts.
const NODE_CELL = 6.6
const LINE_CELL = 6
const widthOf = (line: string): number => [...line].reduce((sum, character) => sum + cells(character), 0)
/** About how wide the label of a node is drawn; measuring every label would stop the window on large pictures. */
export const nodeLabelWidth = (label: string): number =>
  Math.max(...label.split('\n').map(widthOf)) * NODE_CELL
export const lineLabelWidth = (label: string): number => widthOf(label) * LINE_CELL
