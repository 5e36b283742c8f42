import { force } from './force.ts'
import { layered } from './layered.ts'
import type { LayoutName, LayoutRequest, Positions } from './layout.ts'
import { concentric, grid } from './simple-layouts.ts'

const layouts: Readonly<Record<LayoutName, (request: LayoutRequest) => Positions>> = {
  layered,
  force,
  concentric,
  grid,
}

self.addEventListener('message', (event: MessageEvent<{ id: number; request: LayoutRequest }>) => {
  const { id, request } = event.data
  self.postMessage({ id, positions: layouts[request.name](request) })
})
