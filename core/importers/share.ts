import type { ParsedUnit } from './importer.ts'

/**
 * What one reader handles before it is the turn of the next: about as much as one batch for the writer holds, so that no
 * reader waits for long. Part of what an import makes of a file: the same for any number of readers.
 */
export const SEGMENT_BYTES = 4 * 1024 * 1024

/** From where one reader has to go on alone: from the beginning of the part, or from the segment it happened in. */
export type AloneFrom = 'start' | 'here'

/** Thrown by `refuse`: what comes now depends on what stood in the segments of other readers. */
export class CannotShare extends Error {
  readonly from: AloneFrom
  constructor(from: AloneFrom) {
    super(`a part of this file does not tell its meaning (${from})`)
    this.from = from
  }
}

/**
 * The share of one of several readers that parse the same bytes at the same time. The bytes are cut into segments; a record
 * belongs to the segment it begins in, and segments go to the readers by turns. Every reader walks through all bytes, so that
 * line numbers and record boundaries are those of the whole, but decodes its own records only.
 */
export class Share {
  readonly #index: number
  readonly #count: number
  readonly #from: number
  readonly #segmentBytes: number
  #segment = 0
  #ended = 0

  /**
   * @param index of this reader, counted from 0
   * @param count of readers; one alone cannot be refused anything
   * @param from the first segment anybody reads: those before it are stored already
   */
  constructor(index: number, count: number, from = 0, segmentBytes = SEGMENT_BYTES) {
    this.#index = index
    this.#count = count
    this.#from = from
    this.#segmentBytes = segmentBytes
  }

  /** Whether the records of the segment that was reached are this reader's. */
  get isOwn(): boolean {
    return this.#isOwn(this.#segment)
  }
  /** Whether a record that begins at this byte is this reader's. */
  owns(at: number): boolean {
    return this.#isOwn(Math.floor(at / this.#segmentBytes))
  }
  /** Own segments that were left behind so far. */
  get ended(): number {
    return this.#ended
  }

  /**
   * Goes on to the segment in which a record begins.
   * @param at byte of the part (of its text in UTF-8) the record begins at; never before an earlier one
   * @returns true when own segments end by it: hand on their units before anything else
   */
  passes(at: number): boolean {
    const segment = Math.floor(at / this.#segmentBytes)
    const before = this.#ended
    for (; this.#segment < segment; this.#segment++) if (this.#isOwn(this.#segment)) this.#ended += 1
    return this.#ended > before
  }

  #isOwn(segment: number): boolean {
    return segment >= this.#from && segment % this.#count === this.#index
  }

  /**
   * Says that this reader cannot go on without knowing the records of the others; returns when it is alone.
   * @throws CannotShare
   */
  refuse(from: AloneFrom): void {
    if (this.#count > 1) throw new CannotShare(from)
  }
}

/**
 * The units of what a slicer has cut, one array for each segment that ends.
 * @param slices in their order; those of other readers may be left out
 * @param next byte at which the next slice will begin
 * @param add makes units of a slice
 */
export function* unitsOfShare<S extends { readonly at: number }>(
  share: Share | undefined,
  slices: readonly S[],
  next: number,
  add: (slice: S, units: ParsedUnit[]) => void,
): Generator<ParsedUnit[]> {
  let units: ParsedUnit[] = []
  for (const slice of slices) {
    if (share?.passes(slice.at) === true) {
      yield units
      units = []
    }
    if (share?.isOwn !== false) add(slice, units)
  }
  if (share?.passes(next) === true || units.length > 0) yield units
}
