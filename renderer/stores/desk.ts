import { defineStore } from 'pinia'
import { nextTick, ref, watch } from 'vue'
import { toPlainError } from '../../core/model/errors.ts'
import { getClient } from '../client/client.ts'
import { toViewState, ViewState } from '../graph/view-state.ts'
import { usePolicyDraft } from '../views/reputation/policy-draft.ts'
import { readState } from '../views/timeline/read-state.ts'
import { useCaseStore } from './case.ts'
import { drawn } from './graph-views.ts'
import { useGraphStore } from './graph.ts'
import { useNavigationStore } from './navigation.ts'
import { ReportDraft } from './report-draft.ts'
import { useReportStore } from './report.ts'
import { useTimelineStore } from './timeline.ts'

/** Somebody who drags nodes or types a search changes it many times; it is left as it stands when they rest. */
const REST_MS = 700
/** A picture of thousands of entities keeps the engine busy while the first screen waits for its answer. */
const PICTURE_MS = 3000

/**
 * The screens as they stand: kept in the case, so that opening it again goes on where one was (UX.md: panels and pictures are
 * remembered). The picture of the graph nobody saved under a name, what the Timeline was asked for, the time window, and what is
 * written and not saved yet: the report and the policy draft.
 */
export const useDeskStore = defineStore('desk', () => {
  const cases = useCaseStore()
  const graph = useGraphStore()
  const timeline = useTimelineStore()
  const navigation = useNavigationStore()
  const report = useReportStore()
  const policy = usePolicyDraft()
  /** The case whose screens stand as they were left. */
  const readyFor = ref<string | null>(null)

  /** Puts everything where it was left; screens wait for what they would otherwise ask twice. */
  async function restore(caseId: string): Promise<void> {
    const [left, picture, text, draft] = await Promise.all(
      ['timeline', 'graph', 'report', 'policy'].map(leftOf),
    )
    if (cases.info?.caseId !== caseId) return
    report.left = ReportDraft.safeParse(text).data ?? null
    policy.restore(draft)
    if (left !== null) timeline.restore(readState(left))
    const { data: state } = ViewState.safeParse(picture)
    if (state && graph.isEmpty) {
      graph.isResuming = true
      void (async () => {
        await untilWanted()
        if (cases.info?.caseId === caseId) await graph.asking(() => draw(state))
      })().finally(() => (graph.isResuming = false))
    }
    await nextTick()
    readyFor.value = caseId
  }
  /** The picture is fetched when the graph is opened; else after what the screen in front asks for. */
  function untilWanted(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(done, PICTURE_MS)
      const stop = watch(
        () => navigation.screenId === 'graph',
        (isThere) => isThere && done(),
        { immediate: true },
      )
      function done(): void {
        clearTimeout(late)
        resolve()
        void nextTick(() => stop())
      }
    })
  }
  async function draw(state: ViewState): Promise<void> {
    const { slice, more } = await drawn(state)
    // Somebody was quicker and has drawn something else.
    if (!graph.isEmpty || graph.from !== '' || graph.to !== '' || slice.nodes.length === 0) return
    graph.resume(slice, more, state.path)
  }
  async function leftOf(screen: string): Promise<unknown> {
    try {
      return (await getClient().call('view.left', { screen })).state ?? null
    } catch (thrown) {
      // Nobody asked for it: the screen then opens as on the first day.
      console.warn('desk', toPlainError(thrown).code)
      return null
    }
  }
  async function leave(screen: string, state: unknown): Promise<void> {
    if (cases.isReadOnly || readyFor.value === null || readyFor.value !== cases.info?.caseId) return
    try {
      await getClient().call('view.leave', { screen, state })
    } catch (thrown) {
      console.warn('desk', toPlainError(thrown).code)
    }
  }
  function whenRested(sources: () => unknown, work: () => Promise<void>): void {
    let timer: ReturnType<typeof setTimeout> | undefined
    let due: (() => void) | undefined
    watch(sources, () => {
      clearTimeout(timer)
      const caseId = readyFor.value
      if (caseId === null) return
      due = () => {
        clearTimeout(timer)
        due = undefined
        if (readyFor.value === caseId) void work()
      }
      timer = setTimeout(due, REST_MS)
    })
    // Somebody who closes the window has rested.
    window.addEventListener('pagehide', () => due?.())
  }
  whenRested(
    () => graph.picture,
    () => leave('graph', graph.picture.slice.nodes.length === 0 ? null : stateOfGraph()),
  )
  whenRested(
    () => JSON.stringify(timeline.state()),
    () => leave('timeline', timeline.state()),
  )
  whenRested(
    () => JSON.stringify(report.draft),
    () => leave('report', report.draft),
  )
  whenRested(
    () => JSON.stringify(policy.unsaved()),
    () => leave('policy', policy.unsaved()),
  )
  /** A picture too large to be kept whole is laid out anew when it comes back. */
  function stateOfGraph(): ViewState {
    const whole = toViewState(graph.picture, graph.picture.positions ?? {}, graph)
    return whole.nodes.length <= MOST_PLACES ? whole : { ...whole, positions: {}, edges: null, marks: [] }
  }
  watch(
    () => cases.info?.caseId,
    (caseId) => {
      readyFor.value = null
      report.forget()
      if (caseId !== undefined) void restore(caseId)
    },
    { immediate: true },
  )
  const isReady = (): boolean => readyFor.value !== null && readyFor.value === cases.info?.caseId
  return { readyFor, isReady }
})
/** Nodes whose places and relations fit into what the case keeps of a screen. */
const MOST_PLACES = 2000
