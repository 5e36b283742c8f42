import type { EntityKind } from '../../model/relation.ts'
import type { Ink, Mark, Point } from '../document.ts'

const shape = (points: readonly Point[], ink: Ink, fill: Ink | 'none' = 'ground'): Mark => ({
  mark: 'shape',
  points,
  ink,
  fill,
  width: 1.6,
})
const circle = (at: Point, radius: number, ink: Ink, fill: Ink | 'none' = 'ground'): Mark => ({
  mark: 'circle',
  at,
  radius,
  ink,
  fill,
  width: 1.6,
})
const line = (from: Point, to: Point, ink: Ink): Mark => ({ mark: 'line', from, to, ink, width: 1.2 })

/** Regular polygon around a centre; `turn` in radians. */
function polygon([x, y]: Point, radius: number, corners: number, turn = 0): readonly Point[] {
  return Array.from({ length: corners }, (_, index) => {
    const angle = turn + (index * 2 * Math.PI) / corners
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const
  })
}

const box = ([x, y]: Point, width: number, height: number): readonly Point[] => [
  [x - width, y - height],
  [x + width, y - height],
  [x + width, y + height],
  [x - width, y + height],
]

/** The shape of an entity kind (UX.md section 9), so that kinds are told apart without colour. About 18 units wide. */
export function kindShape(kind: EntityKind, at: Point, ink: Ink): readonly Mark[] {
  const [x, y] = at
  switch (kind) {
    case 'user':
      return [circle(at, 9, ink), circle([x, y - 2.5], 2.6, ink, 'none')]
    case 'group':
      return [circle(at, 10, ink), circle(at, 6, ink, 'none')]
    case 'endpoint':
      return [shape(box([x, y - 1], 10, 7), ink), line([x - 5, y + 9.5], [x + 5, y + 9.5], ink)]
    case 'mailbox':
      return [
        shape(
          [
            [x - 10, y + 8],
            [x - 10, y - 1],
            [x - 6, y - 8],
            [x + 6, y - 8],
            [x + 10, y - 1],
            [x + 10, y + 8],
          ],
          ink,
        ),
        line([x - 10, y], [x + 10, y], ink),
      ]
    case 'message':
      return [
        shape(box(at, 10.5, 7.5), ink),
        line([x - 10.5, y - 7.5], [x, y + 1], ink),
        line([x, y + 1], [x + 10.5, y - 7.5], ink),
      ]
    case 'url':
      return [shape(polygon(at, 10, 6), ink)]
    case 'domain':
    case 'ip':
      return [circle(at, 9, ink), line([x - 9, y], [x + 9, y], ink), line([x, y - 9], [x, y + 9], ink)]
    case 'file':
    case 'attachment':
      return [
        shape(
          [
            [x - 7, y - 10],
            [x + 2, y - 10],
            [x + 7, y - 5],
            [x + 7, y + 10],
            [x - 7, y + 10],
          ],
          ink,
        ),
      ]
    case 'process':
      return [shape(polygon(at, 10, 8, Math.PI / 8), ink), circle(at, 3.2, ink, 'none')]
    case 'registry-key':
    case 'service':
    case 'scheduled-task':
    case 'cloud-app':
    case 'wmi-subscription':
    case 'gpo':
    case 'ou':
      return [shape(polygon(at, 10, 4), ink)]
  }
}
