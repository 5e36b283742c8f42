import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useQuery } from '../client/use-query.ts'
import { useCaseStore } from './case.ts'

/** Where the case stands; also the whole span of time it covers, without times of broken clocks. */
export const useOverviewStore = defineStore('overview', () => {
  const cases = useCaseStore()
  const state = useQuery('overview.get', () => (cases.info ? {} : null), [
    'case',
    'evidence',
    'relation',
    'retro',
    'pack',
  ])
  const span = computed(() => {
    const coverage = state.value.value?.coverage ?? []
    const firsts = coverage.flatMap((row) => row.parts[0]?.firstAt ?? []).sort()
    const lasts = coverage.flatMap((row) => row.parts.at(-1)?.lastAt ?? []).sort()
    return { from: firsts[0] ?? null, to: lasts.at(-1) ?? null }
  })
  return { overview: state.value, error: state.error, isLoading: state.isLoading, span }
})
