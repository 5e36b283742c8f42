import { watch } from 'vue'
import { useCaseStore } from '../stores/case.ts'
import { useDetectionStore } from '../stores/detections.ts'
import { useGraphStore } from '../stores/graph.ts'
import { useInspectorStore } from '../stores/inspector.ts'
import { useMailStore } from '../stores/mail.ts'
import { useStoryStore } from '../stores/story.ts'
import { useSweepStore } from '../stores/sweep.ts'
import { useTimelineStore } from '../stores/timeline.ts'
import { useWorkStore } from '../stores/work.ts'

/** Another case: nothing of the one before may stay on the screen. Ids mean something else there, words may tell of another client. */
export function useCaseChange(): void {
  const cases = useCaseStore()
  const inspector = useInspectorStore()
  const graph = useGraphStore()
  const timeline = useTimelineStore()
  const mail = useMailStore()
  const story = useStoryStore()
  const detections = useDetectionStore()
  const sweep = useSweepStore()
  const work = useWorkStore()
  watch(
    () => cases.info?.caseId,
    () => {
      inspector.clear()
      graph.clear()
      // With the time window.
      timeline.restore({})
      mail.clear()
      story.clear()
      detections.clear()
      sweep.clear()
      sweep.runId = ''
      work.select([])
    },
  )
}
