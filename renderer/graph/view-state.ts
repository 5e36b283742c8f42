import { z } from 'zod'
import { LINE_STYLES, type Picture } from './picture.ts'
import { LAYOUTS, type Positions } from './layout.ts'

// Compiled checks would need `unsafe-eval`, which the page's policy refuses.
z.config({ jitless: true })

// A view is read from a case that somebody else may have made: everything in it is bounded and checked.
const MAX_IDS = 20_000
const MAX_EDGES = 8000
const Name = z.string().max(80)
const Ids = z.array(Name).max(MAX_IDS)
const Place = z.tuple([z.number().finite(), z.number().finite()])

/**
 * A saved picture (`view.save {screen: 'graph'}`): ids of the case and where they stand, no names and no facts, so that opening it shows
 * what the case says today. `positions` has what is drawn: entities, and groups (`g` and an id) whose members stand in `groups`.
 */
export const ViewState = z.object({
  version: z.literal(1),
  layout: z.enum(LAYOUTS),
  nodes: Ids,
  /** Relations of the picture; null: all between its nodes (too many to list). */
  edges: z.array(Name).max(MAX_EDGES).nullable(),
  positions: z.record(Name, Place),
  isByHand: z.boolean(),
  pinned: Ids,
  hidden: Ids,
  collapsed: Ids,
  groups: z.array(Ids).max(MAX_IDS),
  kindsOff: z.array(Name).max(100),
  linesOff: z.array(z.enum(LINE_STYLES)),
  marks: z
    .array(z.tuple([Name, z.array(z.enum(['first-observed', 'matched', 'start', 'target'])).max(8)]))
    .max(MAX_IDS),
  grouped: z.array(z.tuple([Name, Name, z.enum(['out', 'in']), z.number().int().nonnegative()])).max(MAX_IDS),
  total: z.number().int().nonnegative(),
  /** Entities of the whole case without any line, which are not drawn. */
  alone: z.number().int().nonnegative().default(0),
  /** Relations that are possible and were not observed belong to the picture. */
  possible: z.boolean().default(true),
  /** The path under study: its relations, and the question it answers. */
  path: z.object({ from: Name, to: Name, observedOnly: z.boolean(), relations: Ids }).nullable(),
})
export type ViewState = z.infer<typeof ViewState>

/** What of a picture is kept. */
export function toViewState(
  picture: Picture,
  places: Positions,
  path: { readonly from: string; readonly to: string; readonly observedOnly: boolean },
): ViewState {
  const { slice } = picture
  const onPath = slice.edges.filter((edge) => edge.onPath).map((edge) => edge.id)
  return {
    version: 1,
    layout: picture.layout,
    nodes: slice.nodes.map((node) => node.id),
    edges: slice.edges.length > MAX_EDGES ? null : slice.edges.map((edge) => edge.id),
    positions: Object.fromEntries(
      Object.entries(places).map(([id, { x, y }]) => [id, [Math.round(x), Math.round(y)]]),
    ),
    isByHand: picture.isByHand,
    pinned: [...picture.pinned.keys()],
    hidden: [...picture.hidden],
    collapsed: [...picture.collapsed],
    groups: [...picture.groups.values()].map((group) => [...group.members]),
    kindsOff: [...picture.kindsOff],
    linesOff: [...picture.linesOff],
    marks: slice.nodes.flatMap((node): ViewState['marks'] => {
      const kept = node.marks.filter((mark) => mark !== 'high-value')
      return kept.length > 0 ? [[node.id, kept]] : []
    }),
    grouped: slice.grouped.map(({ around, kind, direction, count }) => [around, kind, direction, count]),
    total: slice.total.nodes,
    alone: slice.alone ?? 0,
    possible: slice.edges.length === 0 || slice.edges.some((edge) => !edge.observed),
    path:
      onPath.length > 0
        ? { from: path.from, to: path.to, observedOnly: path.observedOnly, relations: onPath }
        : null,
  }
}
