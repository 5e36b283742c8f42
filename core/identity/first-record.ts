import type { Proof } from './entity-book.ts'

/** Records per evidence item that fit beside its number: 2^32, more than any import counts. */
const RECORDS = 4_294_967_296

/**
 * SQL aggregate: the first record of the first evidence item of a group, as one number. Taken apart with {@link toProof};
 * two aggregates of their own would name a record of one item and the number of another.
 */
export const FIRST_RECORD = `min(evidence_id * ${RECORDS} + record)`

export const toProof = (first: number): Proof => ({
  evidenceId: Math.floor(first / RECORDS),
  record: first % RECORDS,
})

/** The same number for one record. */
export const firstRecord = ({ evidenceId, record }: Proof): number => evidenceId * RECORDS + record
