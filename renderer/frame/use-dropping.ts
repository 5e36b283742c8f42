import { onScopeDispose, ref } from 'vue'
import { useCaseStore } from '../stores/case.ts'
import { useImportStore } from '../stores/imports.ts'
import { pickFiles } from './use-files.ts'
import { useNoticeStore } from '../stores/notices.ts'

/**
 * Files dragged onto the window. A page never learns the path of a dropped file, and evidence is read from its path
 * only (never copied through the page), so on every host a drop opens the picker, and the words say so.
 * @returns whether files hang over the window now
 */
export function useDropping() {
  const cases = useCaseStore()
  const imports = useImportStore()
  const notices = useNoticeStore()
  const isOver = ref(false)

  // A section of the report or a column that is dragged within the window is none of our business.
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
  function over(event: DragEvent): void {
    if (!hasFiles(event)) return
    event.preventDefault()
    isOver.value = cases.isOpen
  }
  function leave(event: DragEvent): void {
    if (event.relatedTarget === null) isOver.value = false
  }
  async function drop(event: DragEvent): Promise<void> {
    if (!hasFiles(event)) return
    event.preventDefault()
    isOver.value = false
    if (!cases.isOpen) return
    const picked = await notices.guard(() => pickFiles('evidence'))
    if (picked && picked.length > 0) imports.openDialog(picked)
  }
  const onDrop = (event: DragEvent): void => void drop(event)
  window.addEventListener('dragover', over)
  window.addEventListener('dragleave', leave)
  window.addEventListener('drop', onDrop)
  onScopeDispose(() => {
    window.removeEventListener('dragover', over)
    window.removeEventListener('dragleave', leave)
    window.removeEventListener('drop', onDrop)
  })
  return isOver
}
