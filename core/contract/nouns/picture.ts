import { z } from 'zod'
import { query } from '../define.ts'
import { Id } from '../shapes.ts'
import { GraphSlice } from './graph.ts'

/** What one picture of the graph may hold; a larger one is opened grouped by the screen, and says what it leaves out. */
export const MAX_PICTURE_NODES = 20_000

export const pictureMethods = {
  /**
   * Chosen entities and everything between them: what a saved view, a selection of rows or the whole case opens with. Ids that the case
   * no longer holds are left out of the nodes.
   */
  'graph.among': query(
    z.strictObject({
      entities: z.array(Id).max(MAX_PICTURE_NODES).default([]),
      /** Brings the entities of these events and the relations they prove. */
      events: z.array(Id).max(10_000).default([]),
      /** Every entity of the case that has a relation, most noteworthy first. */
      whole: z.boolean().default(false),
      possible: z.boolean().default(true),
      limit: z.number().int().min(10).max(MAX_PICTURE_NODES).default(MAX_PICTURE_NODES),
    }),
    GraphSlice,
  ),
} as const
