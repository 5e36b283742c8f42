import { onScopeDispose } from 'vue'
import { useCommandStore } from '../stores/commands.ts'
import { useImportStore } from '../stores/imports.ts'
import { useInspectorStore } from '../stores/inspector.ts'
import { useNavigationStore } from '../stores/navigation.ts'
import { useOverviewStore } from '../stores/overview.ts'
import { useTimeWindowStore } from '../stores/time-window.ts'
import { useWorkStore } from '../stores/work.ts'
import { screens } from '../views/registry.ts'
import { useOpening } from './use-opening.ts'

const G_WAIT_MS = 1200

/** The keys that work everywhere (UX.md section 4). Typing into a field is never taken away. */
export function useKeys(): void {
  const commands = useCommandStore()
  const imports = useImportStore()
  const inspector = useInspectorStore()
  const navigation = useNavigationStore()
  const overview = useOverviewStore()
  const span = useTimeWindowStore()
  const work = useWorkStore()
  const { openCase } = useOpening()
  let afterG = 0

  const withControl: Readonly<Record<string, () => void>> = {
    k: () => commands.openPalette(),
    f: focusSearch,
    o: () => void openCase(),
    i: () => imports.openDialog(),
  }
  const plain: Readonly<Record<string, () => void>> = {
    '?': () => (commands.isCheatSheetOpen = true),
    '/': focusSearch,
    '[': () => span.scale(2, overview.span),
    ']': () => span.scale(0.5, overview.span),
    g: () => (afterG = Date.now()),
    j: () => focusRows('j'),
    k: () => focusRows('k'),
    f: () => void work.toggle('flag'),
    t: () => work.write('tag'),
    n: () => work.write('note'),
    p: () => void work.toggle('pin'),
  }

  function focusSearch(): void {
    const field = document.querySelector<HTMLInputElement>('[data-search]')
    if (field) {
      field.focus()
      field.select()
    } else commands.openPalette()
  }
  function focusRows(key: string): void {
    const rows = document.querySelector<HTMLElement>('main [role="grid"]')
    rows?.focus()
    rows?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: false }))
  }

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented) return
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey)
      return take(event, withControl[event.key.toLowerCase()])
    if (event.altKey && event.key === 'ArrowLeft') return take(event, inspector.back)
    if (event.altKey && event.key === 'ArrowRight') return take(event, inspector.forward)
    if (
      event.altKey ||
      event.ctrlKey ||
      event.metaKey ||
      isTyping(event.target) ||
      document.querySelector('[role="dialog"]')
    )
      return
    if (Date.now() - afterG < G_WAIT_MS) {
      afterG = 0
      const screen = screens.find((one) => one.shortcut === event.key.toLowerCase())
      if (screen) return take(event, () => navigation.go(screen.id))
    }
    take(event, plain[event.key])
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}

function take(event: KeyboardEvent, action: (() => void) | undefined): void {
  if (!action) return
  event.preventDefault()
  action()
}
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
