import { useCaseStore } from '../stores/case.ts'
import { useNoticeStore } from '../stores/notices.ts'
import { pickFiles } from './use-files.ts'

/** Opening and beginning a case, with the human's choice of file in front. */
export function useOpening() {
  const cases = useCaseStore()
  const notices = useNoticeStore()

  async function openCase(): Promise<void> {
    await notices.guard(async () => {
      const file = (await pickFiles('case-open'))[0]
      if (file) await cases.open(file.grant)
    })
  }
  async function createCase(zone: string): Promise<void> {
    await notices.guard(async () => {
      const file = (await pickFiles('case-create'))[0]
      if (file) await cases.create(file.grant, zone)
    })
  }
  return { openCase, createCase }
}
