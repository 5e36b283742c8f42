import {
  ChartGantt,
  ClipboardCopy,
  ClipboardX,
  Eye,
  Flag,
  Link2,
  ListChecks,
  MessageSquareText,
  Pin,
  Redo2,
  Scale,
  ScanSearch,
  Tag,
  Undo2,
  UserPlus,
  Waypoints,
} from '@lucide/vue'
import { getClient } from '../client/client.ts'
import { useWords } from '../i18n/use-words.ts'
import { useCaseStore } from '../stores/case.ts'
import type { Command } from '../stores/commands.ts'
import { useGraphStore } from '../stores/graph.ts'
import { useInspectorStore } from '../stores/inspector.ts'
import { useNavigationStore } from '../stores/navigation.ts'
import { useNoticeStore } from '../stores/notices.ts'
import { useSettingsStore } from '../stores/settings.ts'
import { useTimelineStore } from '../stores/timeline.ts'
import { useWorkStore } from '../stores/work.ts'
import { defangName, defangText } from '../text/defang.ts'
import { toVisible } from '../text/visible.ts'

/** What can be done with the rows that are picked, or what is inspected: in the palette, the context menu and by key. */
export function useThingCommands(): () => readonly Command[] {
  const { t } = useWords()
  const cases = useCaseStore()
  const graph = useGraphStore()
  const inspector = useInspectorStore()
  const navigation = useNavigationStore()
  const notices = useNoticeStore()
  const settings = useSettingsStore()
  const timeline = useTimelineStore()
  const work = useWorkStore()

  /** Picked or inspected, also where nothing can be changed. */
  const thing = () => work.selection[0] ?? inspector.current
  const entityId = (): string | undefined => {
    const one = thing()
    return one?.kind === 'entity' || one?.kind === 'message' ? one.id : undefined
  }
  const needsThing = (): string | undefined => (thing() ? undefined : t('command.why.nothing'))
  const isShown = (): boolean => {
    const one = thing()
    return (
      settings.isInspectorOpen && one?.id === inspector.current?.id && one?.kind === inspector.current?.kind
    )
  }
  const needsEntity = (): string | undefined =>
    needsThing() ?? (entityId() === undefined ? t('command.why.noEntity') : undefined)
  const needsChange = (): string | undefined => (cases.isReadOnly ? t('frame.readOnlyWhy') : undefined)
  const needsMark = (): string | undefined =>
    needsChange() ?? needsThing() ?? (work.targets.length === 0 ? t('command.why.unmarkable') : undefined)

  async function copy(): Promise<void> {
    const one = thing()
    if (!one) return
    await notices.guard(async () => {
      await navigator.clipboard.writeText(await textOf(one.kind, one.id))
      notices.say('app.copied', {}, 'plain')
    })
  }
  async function textOf(kind: string, id: string): Promise<string> {
    if (kind === 'entity' || kind === 'message') {
      const row = await getClient().call('entity.get', { id })
      return toVisible(defangName(row.kind, row.name))
    }
    if (kind === 'event') {
      const row = await getClient().call('event.get', { id })
      return toVisible([row.at ?? '', row.endpoint?.name ?? '', defangText(row.summary)].join(' ').trim())
    }
    if (kind === 'relation') {
      const row = await getClient().call('relation.get', { id })
      return toVisible(
        `${defangName(row.from.kind, row.from.name)} → ${defangName(row.to.kind, row.to.name)}`,
      )
    }
    if (kind === 'url') return toVisible(defangText((await getClient().call('url.history', { id })).url))
    return id
  }
  /** Of several rows, or of an event: the entities they are about and what is between them. */
  const rows = () => {
    const all = work.selection.length > 0 ? work.selection : inspector.current ? [inspector.current] : []
    const ids = (kinds: readonly string[]): string[] =>
      all.filter((one) => kinds.includes(one.kind)).map((one) => one.id)
    return { entities: ids(['entity', 'message']), events: ids(['event']) }
  }
  const needsRows = (): string | undefined => {
    const { entities, events } = rows()
    return needsThing() ?? (entities.length + events.length === 0 ? t('command.why.noEntity') : undefined)
  }
  function toGraph(): void {
    const { entities, events } = rows()
    navigation.go('graph')
    const [only] = entities
    if (only !== undefined && entities.length === 1 && events.length === 0) void graph.showChain(only)
    else void graph.showAmong({ entities, events })
  }
  async function toTimeline(): Promise<void> {
    const id = entityId()
    if (id === undefined) return
    const row = await notices.guard(() => getClient().call('entity.get', { id }))
    if (!row) return
    timeline.clear()
    timeline.entity = { id: row.id, name: row.name, kind: row.kind }
    navigation.go('timeline')
  }

  return () => {
    const mark = needsMark()
    return [
      {
        id: 'inspect',
        title: t('graph.inspect'),
        keys: ['Enter'],
        icon: Eye,
        isContext: true,
        why: needsThing() ?? (isShown() ? t('command.why.already') : undefined),
        run: () => {
          const one = thing()
          if (one) inspector.show(one.kind === 'message' ? 'entity' : one.kind, one.id)
        },
      },
      {
        id: 'thing-graph',
        title: t('entity.toGraph'),
        icon: Waypoints,
        isContext: true,
        why: needsRows(),
        run: toGraph,
      },
      {
        id: 'thing-timeline',
        title: t('entity.toTimeline'),
        icon: ChartGantt,
        isContext: true,
        why: needsEntity(),
        run: () => void toTimeline(),
      },
      {
        id: 'flag',
        title: t('work.flag'),
        keys: ['f'],
        icon: Flag,
        isContext: true,
        isFirst: true,
        why: mark,
        run: () => void work.toggle('flag'),
      },
      {
        id: 'tag',
        title: t('work.tag'),
        keys: ['t'],
        icon: Tag,
        isContext: true,
        why: mark,
        run: () => work.write('tag'),
      },
      {
        id: 'note',
        title: t('work.note'),
        keys: ['n'],
        icon: MessageSquareText,
        isContext: true,
        why: mark,
        run: () => work.write('note'),
      },
      {
        id: 'verdict',
        title: t('work.verdict'),
        icon: Scale,
        isContext: true,
        why: mark,
        run: () => work.write('verdict'),
      },
      {
        id: 'indicator',
        title: t('work.indicator'),
        keys: ['i'],
        icon: ScanSearch,
        isContext: true,
        why: mark,
        run: () => void work.addIndicators(t('work.ownIndicators')),
      },
      {
        id: 'pin',
        title: t('work.pin'),
        keys: ['p'],
        icon: Pin,
        isContext: true,
        why: mark,
        run: () => void work.toggle('pin'),
      },
      { id: 'caption', title: t('work.write.pin'), why: mark, run: () => work.write('pin') },
      {
        id: 'relate',
        title: t('work.relate'),
        icon: Link2,
        isContext: true,
        isFirst: true,
        why: needsChange(),
        run: () => (work.dialog = 'relate'),
      },
      {
        id: 'add-entity',
        title: t('work.addEntity'),
        icon: UserPlus,
        why: needsChange(),
        run: () => (work.dialog = 'entity'),
      },
      { id: 'work-list', title: t('work.list'), icon: ListChecks, run: () => (work.dialog = 'list') },
      {
        id: 'copy',
        title: t('work.copy'),
        icon: ClipboardCopy,
        isContext: true,
        isFirst: true,
        why: needsThing(),
        run: () => void copy(),
      },
      {
        id: 'copy-live',
        title: t('work.copyLive'),
        icon: ClipboardX,
        isContext: true,
        why: needsChange() ?? (thing()?.kind === 'url' ? undefined : needsEntity()),
        run: () => void work.copyLive(),
      },
      {
        id: 'undo-mark',
        title: t('work.undo'),
        keys: ['Ctrl Z'],
        icon: Undo2,
        why: needsChange(),
        run: () => void work.undo(),
      },
      {
        id: 'redo-mark',
        title: t('work.redo'),
        keys: ['Ctrl Y'],
        icon: Redo2,
        why: needsChange(),
        run: () => void work.redo(),
      },
    ]
  }
}
