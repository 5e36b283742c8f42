import { useNoticeStore } from '../stores/notices.ts'
import { getClient } from './client.ts'
import { useMarksOf } from './use-marks.ts'

/** Which saved views stand in the report as figures, and putting them there or taking them out. */
export function useViewPins(ids: () => readonly string[]) {
  const notices = useNoticeStore()
  const marks = useMarksOf('view', ids)
  const pinOf = (id: string) => marks.value.get(id)?.find((one) => one.type === 'pin')
  const isPinned = (id: string): boolean => pinOf(id) !== undefined
  async function togglePin(id: string): Promise<void> {
    await notices.guard(async () => {
      const pin = pinOf(id)
      if (pin) await getClient().call('work.unmark', { ids: [pin.id] })
      else await getClient().call('work.mark', { targets: [{ kind: 'view', id }], type: 'pin' })
    })
  }
  return { isPinned, togglePin }
}
