import cytoscape from 'cytoscape'
import fcose from 'cytoscape-fcose'
import { CELL, type LayoutRequest, type Positions } from './layout.ts'

cytoscape.use(fcose)

/** Force-directed positions by fcose on a headless graph; deterministic, because it starts from a circle. */
export function force(request: LayoutRequest): Positions {
  const cy = cytoscape({
    headless: true,
    styleEnabled: true,
    elements: [
      ...request.nodes.map((node, index) => ({
        data: { id: node.id },
        position: {
          x: Math.cos((2 * Math.PI * index) / request.nodes.length) * 40 * Math.sqrt(request.nodes.length),
          y: Math.sin((2 * Math.PI * index) / request.nodes.length) * 40 * Math.sqrt(request.nodes.length),
        },
      })),
      ...request.edges.map((edge) => ({ data: { id: `e${edge.id}`, source: edge.from, target: edge.to } })),
    ],
    style: [{ selector: 'node', style: { width: CELL.width * 0.6, height: CELL.height * 0.7 } }],
  })
  const options = {
    name: 'fcose',
    quality: 'default',
    randomize: false,
    animate: false,
    idealEdgeLength: 120,
    nodeRepulsion: 9000,
    packComponents: false,
    numIter: 2500,
  }
  cy.layout(options).run()
  const positions: [string, { x: number; y: number }][] = cy
    .nodes()
    .map((node) => [node.id(), { ...node.position() }])
  cy.destroy()
  return Object.fromEntries(positions)
}
