import type { Command } from '../stores/commands.ts'
import { useCommands, useCommandStore } from '../stores/commands.ts'
import { languageName, languages } from '../i18n/i18n.ts'
import { useWords } from '../i18n/use-words.ts'
import { useCaseStore } from '../stores/case.ts'
import { useImportStore } from '../stores/imports.ts'
import { useJobStore } from '../stores/jobs.ts'
import { useNavigationStore } from '../stores/navigation.ts'
import { THEMES, useSettingsStore } from '../stores/settings.ts'
import { useTimeWindowStore } from '../stores/time-window.ts'
import { useWorkStore } from '../stores/work.ts'
import { screens } from '../views/registry.ts'
import { useOpening } from './use-opening.ts'

/** The commands that are always there. */
export function useFrameCommands(): void {
  const { t } = useWords()
  const cases = useCaseStore()
  const commands = useCommandStore()
  const imports = useImportStore()
  const jobs = useJobStore()
  const navigation = useNavigationStore()
  const settings = useSettingsStore()
  const span = useTimeWindowStore()
  const work = useWorkStore()
  const { openCase, createCase } = useOpening()

  /** Only offered where the case can be changed. */
  const changes = (): readonly Command[] =>
    cases.isReadOnly
      ? []
      : [
          { id: 'import', title: t('command.import'), keys: ['Ctrl I'], run: () => imports.openDialog() },
          {
            id: 'correlate',
            title: t(cases.isUncorrelated ? 'correlate.now' : 'command.correlate'),
            run: () => void jobs.run('correlation.run', {}),
          },
          { id: 'retro', title: t('command.retro'), run: () => void jobs.run('retro.run', {}) },
          { id: 'undo-mark', title: t('work.undo'), run: () => void work.undo() },
          { id: 'redo-mark', title: t('work.redo'), run: () => void work.redo() },
          ...(work.target === null
            ? []
            : [
                { id: 'flag', title: t('work.flag'), keys: ['f'], run: () => void work.toggle('flag') },
                { id: 'tag', title: t('work.tag'), keys: ['t'], run: () => work.write('tag') },
                { id: 'note', title: t('work.note'), keys: ['n'], run: () => work.write('note') },
                { id: 'verdict', title: t('work.verdict'), run: () => work.write('verdict') },
                { id: 'pin', title: t('work.pin'), keys: ['p'], run: () => void work.toggle('pin') },
              ]),
        ]

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
      run: () => navigation.go(screen.id),
    })),
    { id: 'open', title: t('command.open'), keys: ['Ctrl O'], run: () => void openCase() },
    { id: 'new', title: t('command.new'), run: () => void createCase(cases.zone) },
    ...changes(),
    {
      id: 'summary',
      title: t('command.summary'),
      run: () => (imports.isSummaryOpen = imports.lastResult !== null),
    },
    { id: 'window-clear', title: t('command.windowClear'), run: () => span.clear() },
    {
      id: 'inspector',
      title: t('frame.toggleInspector'),
      run: () => (settings.isInspectorOpen = !settings.isInspectorOpen),
    },
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      title: t('command.theme', { theme: t(`theme.${theme}`) }),
      run: () => (settings.theme = theme),
    })),
    ...languages.map((lang) => ({
      id: `language-${lang}`,
      title: t('command.language', { language: languageName(lang) }),
      run: () => (settings.language = lang),
    })),
    { id: 'close', title: t('command.close'), run: () => void cases.close() },
  ])
}
