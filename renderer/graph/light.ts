import type { Core } from 'cytoscape'
import { clearEdgeLabels } from './clear-labels.ts'
import type { ReplayMoment } from './replay.ts'
import type { ShownSlice } from './shown.ts'
import { throughNode } from './slice.ts'

/** What is lit now. */
export interface Light {
  readonly selected: string | null
  readonly selection: ReadonlySet<string>
  readonly moment: ReplayMoment | null
}

/** What is selected lights its whole path; the red thread is never dimmed; what has not happened yet in a replay is not there. */
export function light(core: Core, slice: ShownSlice, { selected, selection, moment }: Light): void {
  core.batch(() => {
    core.elements().removeClass('dimmed lit near later fresh').unselect()
    const chosen = core.getElementById(selected ?? '')
    chosen.select()
    for (const id of selection) core.getElementById(id).select()
    if (moment) showMoment(core, moment)
    if (chosen.empty() || chosen.isEdge() || selection.size > 1 || moment) return
    const node = core.nodes().getElementById(selected ?? '')
    const lit = throughNode(slice, node.id())
    core.nodes().forEach((one) => void one.toggleClass('dimmed', !lit.nodes.has(one.id())))
    node.connectedEdges().addClass('near')
    core.edges().forEach((edge) => {
      const isLit = lit.edges.has(edge.id().slice(1))
      edge.toggleClass('lit', isLit)
      edge.toggleClass('dimmed', !isLit && !edge.hasClass('path'))
    })
  })
  clearEdgeLabels(core)
}

function showMoment(core: Core, moment: ReplayMoment): void {
  for (const id of moment.laterNodes) core.getElementById(id).addClass('later')
  for (const id of moment.laterEdges) core.getElementById(`e${id}`).addClass('later')
  for (const id of moment.freshEdges) core.getElementById(`e${id}`).addClass('fresh')
}

/** Marks what the search words are in; the names of members count for their group. */
export function mark(core: Core, found: ReadonlySet<string>): void {
  core.batch(() => {
    core.nodes('.found').forEach((node) => void (found.has(node.id()) || node.removeClass('found')))
    for (const id of found) core.getElementById(id).addClass('found')
  })
}
