import { defangName } from '../text/defang.ts'
import { toVisible } from '../text/visible.ts'
import type { SliceNode } from './slice.ts'

const MAX_NAME = 24
const MAX_DETAIL = 28

const cut = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text)

/** File names matter at their end: paths keep it, everything else keeps its start. */
export function shortName(node: Pick<SliceNode, 'kind' | 'name'>): string {
  const shown = toVisible(defangName(node.kind, node.name)).replaceAll('\n', ' ')
  if (shown.length <= MAX_NAME) return shown
  const tail = /[^\\/]+$/u.exec(shown)?.[0]
  if ((node.kind === 'file' || node.kind === 'process' || node.kind === 'attachment') && tail) return cut(tail, MAX_NAME)
  return cut(shown, MAX_NAME)
}

export const shortDetail = (node: Pick<SliceNode, 'detail'>): string =>
  cut(toVisible(defangName('text', node.detail)).replaceAll('\n', ' '), MAX_DETAIL)
