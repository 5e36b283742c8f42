import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { ClockOffset } from '../../core/contract/nouns/clock.ts'
import type { EventRow } from '../../core/contract/nouns/event.ts'
import type { HopClock } from '../../core/contract/nouns/graph.ts'
import { useQuery } from '../client/use-query.ts'
import { useCaseStore } from './case.ts'
import { remembered } from './remembered.ts'

/** Clocks that are off, and whether times are shown as the others have them: a layer over the recorded times, which never change. */
export const useClockStore = defineStore('clocks', () => {
  const cases = useCaseStore()
  const isCorrected = remembered('timeline.rightTimes', (kept) => kept === true)
  const list = useQuery('clock.list', () => (cases.info ? {} : null), ['relation', 'evidence'])
  const offsets = computed<readonly ClockOffset[]>(() => list.value.value?.offsets ?? [])
  const byEndpoint = computed(
    () => new Map(offsets.value.flatMap((one) => (one.endpoint ? [[one.endpoint.id, one] as const] : []))),
  )
  const byEvidence = computed(
    () => new Map(offsets.value.flatMap((one) => one.recorded.map((id) => [id, one] as const))),
  )
  /** Of evidence that names no endpoint. */
  const ofLog = computed(
    () => new Map(offsets.value.flatMap((one) => (one.evidence ? [[one.evidence.id, one] as const] : []))),
  )

  /** The clock that recorded an event and is off, with the right time; undefined: none is known to be. */
  function clockOf({
    at,
    endpoint,
    evidenceId,
  }: Pick<EventRow, 'at' | 'endpoint' | 'evidenceId'>): HopClock | undefined {
    const offset = endpoint ? byEndpoint.value.get(endpoint.id) : ofLog.value.get(evidenceId)
    if (!offset || at === null) return undefined
    const rightAt = new Date(Date.parse(at) - offset.aheadSeconds * 1000)
    return {
      endpoint: offset.endpoint,
      evidenceId: offset.evidence?.id ?? null,
      aheadSeconds: Math.round(offset.aheadSeconds),
      confidence: offset.confidence,
      rightAt: rightAt.toISOString(),
    }
  }
  return { offsets, byEvidence, isCorrected, clockOf }
})
