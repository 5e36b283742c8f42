import type { Command } from '../stores/commands.ts'
import { useCommands, useCommandStore } from '../stores/commands.ts'
import { languageName, languages } from '../i18n/i18n.ts'
import { useWords } from '../i18n/use-words.ts'
import { useCaseStore } from '../stores/case.ts'
import { useImportStore } from '../stores/imports.ts'
import { useJobStore } from '../stores/jobs.ts'
import { useMergeStore } from '../stores/merge.ts'
import { useNavigationStore } from '../stores/navigation.ts'
import { THEMES, useSettingsStore } from '../stores/settings.ts'
import { useTimeWindowStore } from '../stores/time-window.ts'
import { useWorkStore } from '../stores/work.ts'
import { screens } from '../views/registry.ts'
import { useInspectorStore } from '../stores/inspector.ts'
import { useOverviewStore } from '../stores/overview.ts'
import { focusSearch } from './focus.ts'
import { useThingCommands } from './thing-commands.ts'
import { useOpening } from './use-opening.ts'

/** The commands that are always there. */
export function useFrameCommands(): void {
  const { t } = useWords()
  const cases = useCaseStore()
  const commands = useCommandStore()
  const imports = useImportStore()
  const inspector = useInspectorStore()
  const overview = useOverviewStore()
  const jobs = useJobStore()
  const merge = useMergeStore()
  const navigation = useNavigationStore()
  const settings = useSettingsStore()
  const span = useTimeWindowStore()
  const work = useWorkStore()
  const { openCase, createCase } = useOpening()

  const needsChange = (): string | undefined => (cases.isReadOnly ? t('frame.readOnlyWhy') : undefined)
  const things = useThingCommands()
  /** The window can be scaled when it has ends, or the case has. */
  const noWindow = (): string | undefined =>
    span.isSet || overview.span.from !== null ? undefined : t('command.why.noTimes')
  function openContext(): void {
    // From the palette: where the picked row is, else in the middle.
    const row = document.querySelector('main [aria-selected="true"], aside.inspector')
    const box = row?.getBoundingClientRect()
    commands.menuAt = box
      ? { x: box.left + 40, y: box.top + Math.min(20, box.height) }
      : { x: window.innerWidth / 2, y: window.innerHeight / 3 }
  }

  useCommands((): readonly Command[] => [
    { id: 'palette', title: t('command.palette'), keys: ['Ctrl K'], run: () => commands.openPalette() },
    {
      id: 'cheat-sheet',
      title: t('command.cheatSheet'),
      keys: ['?'],
      run: () => (commands.isCheatSheetOpen = true),
    },
    ...screens.map((screen) => ({
      id: `go-${screen.id}`,
      title: t('command.go', { screen: t(`screen.${screen.id}.title`) }),
      keys: [`g ${screen.shortcut}`],
      why: navigation.screenId === screen.id ? t('command.why.already') : undefined,
      run: () => navigation.go(screen.id),
    })),
    { id: 'open', title: t('command.open'), keys: ['Ctrl O'], run: () => void openCase() },
    { id: 'new', title: t('command.new'), run: () => void createCase(cases.caseZone) },
    {
      id: 'import',
      title: t('command.import'),
      keys: ['Ctrl I'],
      why: needsChange(),
      run: () => imports.openDialog(),
    },
    {
      id: 'correlate',
      title: t(cases.isUncorrelated ? 'correlate.now' : 'command.correlate'),
      why: needsChange(),
      run: () => void jobs.run('correlation.run', {}),
    },
    { id: 'merge', title: t('command.merge'), why: needsChange(), run: () => merge.open() },
    {
      id: 'retro',
      title: t('command.retro'),
      why: needsChange(),
      run: () => void jobs.run('retro.run', {}),
    },
    ...things(),
    {
      id: 'summary',
      title: t('command.summary'),
      why: imports.lastResult === null ? t('command.why.noImport') : undefined,
      run: () => (imports.isSummaryOpen = true),
    },
    {
      id: 'window-wider',
      title: t('command.windowWider'),
      keys: ['['],
      // All times are as wide as it gets.
      why: span.isSet ? undefined : t('command.why.noWindow'),
      run: () => span.scale(2, overview.span),
    },
    {
      id: 'window-narrower',
      title: t('command.windowNarrower'),
      keys: [']'],
      why: noWindow(),
      run: () => span.scale(0.5, overview.span),
    },
    {
      id: 'window-clear',
      title: t('command.windowClear'),
      why: span.isSet ? undefined : t('command.why.noWindow'),
      run: () => span.clear(),
    },
    {
      id: 'trail-back',
      title: t('inspector.back'),
      keys: ['Alt ←'],
      why: inspector.canGoBack ? undefined : t('command.why.noTrail'),
      run: inspector.back,
    },
    {
      id: 'trail-forward',
      title: t('inspector.forward'),
      keys: ['Alt →'],
      why: inspector.canGoForward ? undefined : t('command.why.noTrail'),
      run: inspector.forward,
    },
    { id: 'search', title: t('keys.search'), keys: ['Ctrl F', '/'], run: focusSearch },
    {
      id: 'context-menu',
      title: t('command.context'),
      keys: ['Shift F10'],
      why: work.selection.length === 0 && !inspector.current ? t('command.why.nothing') : undefined,
      run: openContext,
    },
    {
      id: 'inspector',
      title: t('frame.toggleInspector'),
      run: () => (settings.isInspectorOpen = !settings.isInspectorOpen),
    },
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      title: t('command.theme', { theme: t(`theme.${theme}`) }),
      why: settings.theme === theme ? t('command.why.already') : undefined,
      run: () => (settings.theme = theme),
    })),
    ...languages.map((lang) => ({
      id: `language-${lang}`,
      title: t('command.language', { language: languageName(lang) }),
      why: settings.language === lang ? t('command.why.already') : undefined,
      run: () => (settings.language = lang),
    })),
    { id: 'close', title: t('command.close'), run: () => void cases.close() },
  ])
}
