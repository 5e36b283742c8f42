import { nextTick, onScopeDispose, watch } from 'vue'
import { isFocusLost } from '../components/return-focus.ts'
import { useCommandStore } from '../stores/commands.ts'
import { useGraphStore } from '../stores/graph.ts'
import { useInspectorStore } from '../stores/inspector.ts'
import { useNavigationStore } from '../stores/navigation.ts'
import { useNoticeStore } from '../stores/notices.ts'
import { useSettingsStore } from '../stores/settings.ts'
import { useWorkStore } from '../stores/work.ts'
import { screens } from '../views/registry.ts'
import { focusSearch } from './focus.ts'
import { actOnRow, thingOf, walkPanes, walkRows } from './row-keys.ts'
import { useOpening } from './use-opening.ts'

const G_WAIT_MS = 1200

/** The keys that work everywhere (UX.md section 4). Typing into a field is never taken away, and a modal dialog has the keys to itself. */
export function useKeys(): void {
  const commands = useCommandStore()
  const graph = useGraphStore()
  const inspector = useInspectorStore()
  const navigation = useNavigationStore()
  const notices = useNoticeStore()
  const settings = useSettingsStore()
  const work = useWorkStore()
  const { openCase } = useOpening()
  let afterG = 0

  const withControl: Readonly<Record<string, () => void>> = {
    k: () => commands.openPalette(),
    f: focusSearch,
    o: () => void openCase(),
    i: () => command('import'),
    // On the graph they are the picture's, wherever the focus is: nobody who takes back a step there means a mark.
    z: () => (navigation.screenId === 'graph' ? graph.undo() : command('undo-mark')),
    y: redo,
  }
  const plain: Readonly<Record<string, () => void>> = {
    '?': () => (commands.isCheatSheetOpen = true),
    '/': focusSearch,
    '[': () => command('window-wider'),
    ']': () => command('window-narrower'),
    g: () => (afterG = Date.now()),
    j: () => walkRows('j'),
    k: () => walkRows('k'),
    f: () => command('flag'),
    t: () => command('tag'),
    n: () => command('note'),
    i: () => command('indicator'),
    p: () => command('pin'),
  }

  function redo(): void {
    if (navigation.screenId === 'graph') graph.redo()
    else command('redo-mark')
  }
  /** Runs a command of the palette; one that cannot be run now says why. */
  function command(id: string): void {
    const found = commands.all.find((one) => one.id === id)
    if (!found) return
    if (found.why === undefined) found.run()
    else notices.say('command.cannot', { title: found.title, why: found.why }, 'plain')
  }
  /** Who came by key goes on by key: the next Tab is inside the screen, and a screen reader says its name. */
  async function goTo(screen: string): Promise<void> {
    navigation.go(screen)
    await nextTick()
    toScreen()
  }
  /** The row one stands in is what marks stand on. */
  function onFocus(event: FocusEvent): void {
    const thing = thingOf(event.target)
    if (thing) work.select([thing])
  }
  watch(
    () => navigation.screenId,
    async () => {
      work.select([])
      // What had the focus may have gone with the old screen (a command of the palette, a button that leads elsewhere).
      await nextTick()
      if (isFocusLost()) toScreen()
    },
  )

  /** Esc leaves a field, then closes the inspector. Dialogs, menus, and grids with rows that are picked take it first. */
  function onEscape(event: KeyboardEvent): void {
    if (document.querySelector('[role="dialog"], [role="menu"]')) return
    if (isTyping(event.target)) return (event.target as HTMLElement).blur()
    if (settings.isInspectorOpen) take(event, () => (settings.isInspectorOpen = false))
  }
  /** Under a modal dialog nothing happens, nor does the browser take the keys we are known for: it would search, go back or open a file. */
  function holdBack(event: KeyboardEvent, isControl: boolean): void {
    const isOurs = isControl && !event.shiftKey && event.key.toLowerCase() in withControl
    const isUndo = ['z', 'y'].includes(event.key.toLowerCase())
    const isStep = event.altKey && ['ArrowLeft', 'ArrowRight'].includes(event.key)
    if ((isOurs && !isUndo) || isStep || event.key === 'F6') event.preventDefault()
  }
  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented) return
    const isControl = (event.ctrlKey || event.metaKey) && !event.altKey
    if (isModal()) return holdBack(event, isControl)
    if (isControl && event.shiftKey && event.key.toLowerCase() === 'z' && !isTyping(event.target))
      return take(event, redo)
    // While somebody types, taking back is the field's own.
    if (isControl && ['z', 'y'].includes(event.key.toLowerCase()) && isTyping(event.target)) return
    if (isControl && !event.shiftKey) return take(event, withControl[event.key.toLowerCase()])
    if (event.altKey && event.key === 'ArrowLeft') return take(event, inspector.back)
    if (event.altKey && event.key === 'ArrowRight') return take(event, inspector.forward)
    if (event.key === 'F6' && !document.querySelector('[role="dialog"]'))
      return take(event, () => walkPanes(event.shiftKey ? -1 : 1))
    if (event.key === 'Escape') return onEscape(event)
    // From the search of a screen on to what it found.
    if (event.key === 'ArrowDown' && event.target instanceof Element && event.target.matches(SEARCH))
      return take(event, () => walkRows('j'))
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
      if (screen) return take(event, () => void goTo(screen.id))
    }
    if (actOnRow(event)) return event.preventDefault()
    take(event, plain[event.key])
  }
  window.addEventListener('keydown', onKey)
  window.addEventListener('focusin', onFocus)
  onScopeDispose(() => {
    window.removeEventListener('keydown', onKey)
    window.removeEventListener('focusin', onFocus)
  })
}

/** The search box of a screen. */
const SEARCH = 'main [data-search]'

const toScreen = (): void => document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })

function take(event: KeyboardEvent, action: (() => void) | undefined): void {
  if (!action) return
  event.preventDefault()
  action()
}
const isModal = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"]') !== null
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
