/** What a layout is asked and answers; plain data, so that it crosses to the worker. */
export const LAYOUTS = ['layered', 'force', 'concentric', 'grid'] as const
export type LayoutName = (typeof LAYOUTS)[number]

export interface LayoutRequest {
  readonly name: LayoutName
  readonly nodes: readonly {
    readonly id: string
    readonly at: string | null
    /** Pixels its label takes in width. */
    readonly labelWidth?: number
  }[]
  readonly edges: readonly {
    readonly id: string
    readonly from: string
    readonly to: string
    readonly onPath: boolean
    readonly labelWidth?: number
  }[]
  /** Node the concentric layout counts distances from. */
  readonly center: string | null
  /**
   * Room on the screen in pixels that a long picture is folded to use; null: never folded, wider than the window. `below`: height of
   * other parts that have to fit as well, in units of the drawing.
   */
  readonly viewport: { readonly width: number; readonly height: number; readonly below?: number } | null
}
export interface Point {
  readonly x: number
  readonly y: number
}
export type Positions = Readonly<Record<string, Point>>

/** Room one node takes with its two label lines. */
export const CELL = { width: 150, height: 92 } as const
