import { BADGE_SIZE, badgesOf, badgeSvg } from './badges.ts'
import { iconSvg } from './icon-url.ts'
import { labelsAbove } from './label-side.ts'
import type { Point, Positions } from './layout.ts'
import { shortDetail, shortName } from './labels.ts'
import { CLUSTER_HEIGHT, NODE_HEIGHT } from './canvas-style.ts'
import { lookOf, outlinePath } from './shapes.ts'
import { styleOf, type ShownNode, type ShownSlice } from './shown.ts'

export interface SvgColors {
  readonly ground: string
  readonly ink: string
  readonly inkSoft: string
  readonly line: string
  readonly thread: string
  readonly nodeInk: string
  hue(token: string): string
}

const MARGIN = 90
const DASHES = {
  observed: '',
  possible: ' stroke-dasharray="6 4"',
  analyst: ' stroke-dasharray="1.5 3.5" stroke-linecap="round"',
} as const
/** A node that stands for several is larger and ringed twice; one that was not loaded is a dashed ring. */
const heightOf = (node: ShownNode): number => (isCluster(node) ? CLUSTER_HEIGHT : NODE_HEIGHT)
const isCluster = (node: ShownNode): boolean => node.group !== undefined && node.group.members.length > 0

/** The picture as one SVG text with a viewBox, drawn by us: the same shapes, lines and labels as the canvas. */
export function toSvg(
  slice: ShownSlice,
  positions: Positions,
  colors: SvgColors,
  words: (kind: string) => string,
): string {
  const placed = slice.nodes.flatMap((node) => {
    const at = positions[node.id]
    return at ? [{ node, at }] : []
  })
  const xs = placed.map(({ at }) => at.x)
  const ys = placed.map(({ at }) => at.y)
  const [left, top] = [Math.min(...xs, 0) - MARGIN, Math.min(...ys, 0) - MARGIN]
  const width = Math.max(...xs, 0) - left + MARGIN
  const height = Math.max(...ys, 0) - top + MARGIN

  const edges = [...slice.edges]
    .sort((a, b) => Number(a.onPath) - Number(b.onPath))
    .map((edge) => {
      const from = positions[edge.from]
      const to = positions[edge.to]
      if (!from || !to) return ''
      const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
      const gap = NODE_HEIGHT * 0.66
      const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length]
      const [x1, y1, x2, y2] = [
        from.x + ux * gap,
        from.y + uy * gap,
        to.x - ux * (gap + 4),
        to.y - uy * (gap + 4),
      ]
      const color = edge.onPath ? colors.thread : colors.line
      const line = `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${color}" stroke-width="${edge.onPath ? 3 : 1.2}"${DASHES[styleOf(edge)]} marker-end="url(#${edge.onPath ? 'tip-path' : 'tip'})"/>`
      if (!edge.onPath) return line
      return `${line}<text x="${n((x1 + x2) / 2)}" y="${n((y1 + y2) / 2 - 5)}" font-size="10" text-anchor="middle" fill="${colors.inkSoft}" ${halo(colors)}>${escape(words(edge.kind))}</text>`
    })
  const above = labelsAbove(slice, positions)
  const nodes = placed.map(({ node, at }) => {
    const look = lookOf(node.kind)
    const stroke =
      node.rating === 'malicious'
        ? colors.hue('--risk-dangerous')
        : node.rating === 'suspicious'
          ? colors.hue('--risk-suspicious')
          : colors.nodeInk
    const icon = iconSvg(look.icon, colors.nodeInk)
      .replace('<svg', `<svg x="${n(at.x - 9)}" y="${n(at.y - 9)}"`)
      .replace('width="24"', 'width="18"')
      .replace('height="24"', 'height="18"')
    const detail =
      node.detail === ''
        ? ''
        : `<text x="${n(at.x)}" y="${n(above.has(node.id) ? at.y - 26 : at.y + 46)}" font-size="10" text-anchor="middle" fill="${colors.inkSoft}" ${halo(colors)}>${escape(shortDetail(node))}</text>`
    return `<g><title>${escape(shortName(node))}</title><path d="${outlinePath(look, at.x, at.y, heightOf(node))}" fill="${colors.hue(look.hue)}" stroke="${stroke}" stroke-width="${node.rating === 'malicious' || node.rating === 'suspicious' ? 3 : 1}"/>${look.isDouble || isCluster(node) || node.folded ? `<path d="${outlinePath(look, at.x, at.y, heightOf(node) - 6)}" fill="none" stroke="${stroke}"/>` : ''}${icon}${badges(node, at, colors)}<text x="${n(at.x)}" y="${n(above.has(node.id) ? at.y - (node.detail === '' ? 26 : 39) : at.y + 33)}" font-size="11" text-anchor="middle" fill="${colors.ink}" ${halo(colors)}>${escape(shortName(node))}</text>${detail}</g>`
  })
  const tip = (id: string, color: string): string =>
    `<marker id="${id}" viewBox="0 0 8 8" refX="6" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto"><path d="M0 0L8 4L0 8Z" fill="${color}"/></marker>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${n(left)} ${n(top)} ${n(width)} ${n(height)}" width="${n(width)}" height="${n(height)}" font-family="Inter, 'Noto Sans TC', 'Noto Sans JP', sans-serif">`,
    `<defs>${tip('tip', colors.line)}${tip('tip-path', colors.thread)}</defs>`,
    `<rect x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" fill="${colors.ground}"/>`,
    ...edges,
    ...nodes,
    '</svg>',
  ].join('\n')
}

function badges(node: ShownNode, at: Point, colors: SvgColors): string {
  const far = NODE_HEIGHT / 2
  return badgesOf(node)
    .map((badge, index) =>
      badgeSvg(badge, colors.ink, colors.ground)
        .replace('<svg', `<svg x="${n(at.x + (index === 0 ? far - 8 : -far - 7))}" y="${n(at.y - far - 7)}"`)
        .replace('width="24" height="24"', `width="${BADGE_SIZE}" height="${BADGE_SIZE}"`),
    )
    .join('')
}

const n = (value: number): string => String(Math.round(value * 10) / 10)
const halo = (colors: SvgColors): string => `stroke="${colors.ground}" stroke-width="3" paint-order="stroke"`
// What XML forbids even as a reference is dropped by toVisible; the five signs of markup are escaped here.
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
])
const escape = (text: string): string => text.replaceAll(/[&<>"']/gu, (sign) => SIGNS.get(sign) ?? sign)
