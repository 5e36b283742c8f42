import { layered } from './layered.ts'
import type { LayoutName, LayoutRequest, Positions } from './layout.ts'
import { concentric, grid } from './simple-layouts.ts'

/** The force layout brings a library of its own along: it is loaded when somebody asks for it. */
const layouts: Readonly<Record<LayoutName, (request: LayoutRequest) => Positions | Promise<Positions>>> = {
  layered,
  force: async (request) => (await import('./force.ts')).force(request),
  concentric,
  grid,
}

async function answer({ id, request }: { id: number; request: LayoutRequest }): Promise<void> {
  self.postMessage({ id, positions: await layouts[request.name](request) })
}
self.addEventListener('message', (event: MessageEvent<{ id: number; request: LayoutRequest }>) => {
  // A layout that fails is an error of the worker: the one who asked hears of it.
  answer(event.data).catch((thrown: unknown) => {
    setTimeout(() => {
      throw thrown
    })
  })
})
