/** Dated relations in the order of time, and nothing else. */
export interface Contacts {
  readonly time: Float64Array
  readonly from: Int32Array
  readonly to: Int32Array
}

/**
 * The textbook: one pass over all contacts in the order of time, each taken when its beginning was reached before. No kinds, no clock
 * tolerance, no standing relations, no way back: what the product's search is measured by.
 */
export function plainSweep(
  { time, from, to }: Contacts,
  nodes: number,
  start: number,
  at: number,
): Float64Array {
  const arrival = new Float64Array(nodes).fill(Infinity)
  arrival[start] = at
  for (let contact = 0; contact < time.length; contact++) {
    const use = time[contact]!
    if (arrival[from[contact]!]! <= use && use < arrival[to[contact]!]!) arrival[to[contact]!] = use
  }
  return arrival
}
