import type { Core, SingularElementArgument } from 'cytoscape'
import { clearEdgeLabels } from './clear-labels.ts'
import { afterFrame, inTurns, Newest } from './in-turns.ts'
import type { ReplayMoment } from './replay.ts'
import type { ShownSlice } from './shown.ts'
import { throughNode } from './slice.ts'

/** What is lit now. */
export interface Light {
  readonly selected: string | null
  readonly selection: ReadonlySet<string>
  readonly moment: ReplayMoment | null
}

const CLASSES = ['dimmed', 'lit', 'near', 'later', 'fresh'] as const
type LightClass = (typeof CLASSES)[number]
type Shape = SingularElementArgument

const [lighting, marking] = [new Newest(), new Newest()]

/**
 * What is selected lights its whole path; the red thread is never dimmed; what has not happened yet in a replay is not there. In a large
 * picture the rest follows in turns.
 */
export function light(core: Core, slice: ShownSlice, { selected, selection, moment }: Light): void {
  const chosen = new Set(selected === null ? selection : [...selection, selected])
  const lightOf = moment
    ? inReplay(moment)
    : isAlone(core, selected, selection)
      ? throughOne(core, slice, selected)
      : none
  const changed = core
    .elements()
    .toArray()
    .map((shape) => ({ shape, classes: lightOf(shape), isChosen: chosen.has(shape.id()) }))
    .filter(
      ({ shape, classes, isChosen }) =>
        shape.selected() !== isChosen || CLASSES.some((name) => shape.hasClass(name) !== classes.has(name)),
    )
    // What is or was lit comes first: the eye is there.
    .sort((a, b) => Number(isBehind(a)) - Number(isBehind(b)))
  const isOld = lighting.begin(core)
  const turns = inTurns(
    changed,
    (group) =>
      core.batch(() => {
        for (const { shape, classes, isChosen } of group) {
          for (const name of CLASSES) shape.toggleClass(name, classes.has(name))
          if (isChosen) shape.select()
          else shape.unselect()
        }
      }),
    () => isOld() || core.destroyed(),
  )
  void turns.then(async (isDone) => {
    if (!isDone) return
    // Measuring every label takes as long as drawing them.
    await afterFrame()
    if (!isOld() && !core.destroyed()) clearEdgeLabels(core)
  })
}

type LightOf = (shape: Shape) => ReadonlySet<LightClass>
const NONE: ReadonlySet<LightClass> = new Set()
const none: LightOf = () => NONE
const isBehind = ({ shape, classes }: { shape: Shape; classes: ReadonlySet<LightClass> }): boolean =>
  (classes.has('dimmed') || classes.has('later')) && !shape.hasClass('lit') && !shape.selected()

/** One node is chosen, and it is drawn. */
const isAlone = (core: Core, selected: string | null, selection: ReadonlySet<string>): selected is string =>
  selected !== null && selection.size <= 1 && core.nodes().getElementById(selected).nonempty()

function throughOne(core: Core, slice: ShownSlice, selected: string): LightOf {
  const lit = throughNode(slice, selected)
  const near = core.getElementById(selected).connectedEdges()
  return (shape) => {
    if (shape.isNode()) return lit.nodes.has(shape.id()) ? NONE : new Set(['dimmed'])
    const classes = new Set<LightClass>(lit.edges.has(shape.id().slice(1)) ? ['lit'] : [])
    if (classes.size === 0 && !shape.hasClass('path')) classes.add('dimmed')
    if (near.has(shape)) classes.add('near')
    return classes
  }
}

function inReplay({ laterNodes, laterEdges, freshEdges }: ReplayMoment): LightOf {
  return (shape) => {
    if (shape.isNode()) return laterNodes.has(shape.id()) ? new Set(['later']) : NONE
    const id = shape.id().slice(1)
    const classes = new Set<LightClass>(laterEdges.has(id) ? ['later'] : [])
    if (freshEdges.has(id)) classes.add('fresh')
    return classes
  }
}

/** Marks what the search words are in; the names of members count for their group. */
export function mark(core: Core, found: ReadonlySet<string>): void {
  const changed = core
    .nodes()
    .toArray()
    .filter((node) => node.hasClass('found') !== found.has(node.id()))
  const isOld = marking.begin(core)
  void inTurns(
    changed,
    (group) =>
      core.batch(() => {
        for (const node of group) node.toggleClass('found', found.has(node.id()))
      }),
    () => isOld() || core.destroyed(),
  )
}
