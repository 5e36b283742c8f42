import {
  BoxSelect,
  Copy,
  Crosshair,
  Expand,
  Eye,
  EyeOff,
  Flag,
  FlagTriangleRight,
  FoldVertical,
  Group,
  Layers,
  Link2,
  MapPin,
  Pin,
  Scale,
  StickyNote,
  Tag,
  Ungroup,
} from '@lucide/vue'
import { computed, type Component, type ComputedRef } from 'vue'
import type { ShownNode } from '../../graph/shown.ts'
import { useWords } from '../../i18n/use-words.ts'
import { useCaseStore } from '../../stores/case.ts'
import type { Command } from '../../stores/commands.ts'
import { useGraphStore } from '../../stores/graph.ts'
import { useInspectorStore } from '../../stores/inspector.ts'
import { useNoticeStore } from '../../stores/notices.ts'
import { useSettingsStore } from '../../stores/settings.ts'
import { useWorkStore } from '../../stores/work.ts'
import { defangName } from '../../text/defang.ts'
import { toVisible } from '../../text/visible.ts'

/** Something that can be done to what is chosen in the graph: in the context menu, the menu "Actions" and the palette. */
export interface GraphAction extends Command {
  readonly icon: Component
  /** A line stands above it in menus. */
  readonly isFirst?: boolean
  /** The palette has it already, as a command of the frame. */
  readonly isOfFrame?: boolean
}

/** What can be done now to the chosen nodes: all of it, and nothing that would do nothing. */
export function useGraphActions(): ComputedRef<readonly GraphAction[]> {
  const graph = useGraphStore()
  const inspector = useInspectorStore()
  const work = useWorkStore()
  const cases = useCaseStore()
  const notices = useNoticeStore()
  const settings = useSettingsStore()
  const { t, counted, num, word } = useWords()

  const byId = computed(() => new Map(graph.shown.nodes.map((node) => [node.id, node])))
  const chosen = computed(() => graph.chosen.flatMap((id) => byId.value.get(id) ?? []))

  /** One action for each way that leads out of the picture, with its count. */
  function waysOf(node: ShownNode): GraphAction[] {
    const ways = node.hidden
      .filter((way) => way.count > 0)
      .toSorted((a, b) => b.count - a.count)
      .map((way, index) => ({
        id: `graph-expand-${way.kind}-${way.direction}`,
        title: t(`graph.expand.${way.direction}`, {
          relation: word('relation.kind', way.kind),
          count: num(way.count),
        }),
        icon: Expand,
        isFirst: index === 0,
        run: () => void graph.expand(node.id, { kind: way.kind, direction: way.direction }),
      }))
    if (ways.length < 2) return ways
    const total = node.hidden.reduce((sum, way) => sum + way.count, 0)
    return [
      ...ways,
      {
        id: 'graph-expand',
        title: t('graph.expand.all', { count: num(total) }),
        icon: Expand,
        run: () => void graph.expand(node.id),
      },
    ]
  }
  async function copyNames(): Promise<void> {
    const names = chosen.value
      .flatMap((node) => node.group?.members ?? [node.id])
      .flatMap((id) => graph.picture.slice.nodes.find((node) => node.id === id) ?? [])
      .map((node) => toVisible(defangName(node.kind, node.name)))
    await notices.guard(() => navigator.clipboard.writeText(names.join('\n')))
    notices.say('app.copied', {}, 'plain')
  }
  function asEnd(end: 'from' | 'to', id: string): void {
    graph[end] = id
    if (graph.from !== '' && graph.to !== '') void graph.findPaths()
  }
  function oneNode(node: ShownNode): GraphAction[] {
    if (node.group)
      return [
        {
          id: 'graph-ungroup',
          title: t(node.group.members.length > 0 ? 'graph.ungroup' : 'graph.load'),
          icon: Ungroup,
          keys: ['Enter'],
          run: () => void graph.ungroup(node.id),
        },
      ]
    const isFolded = graph.picture.collapsed.has(node.id)
    return [
      ...waysOf(node),
      {
        id: 'graph-inspect',
        title: t('graph.inspect'),
        icon: Eye,
        isFirst: true,
        why:
          settings.isInspectorOpen && inspector.current?.kind === 'entity' && inspector.current.id === node.id
            ? t('command.why.already')
            : undefined,
        run: () => inspector.show('entity', node.id),
      },
      {
        id: 'graph-collapse',
        title: t(isFolded ? 'graph.unfold' : 'graph.collapse'),
        icon: FoldVertical,
        run: () => graph.collapse(node.id),
      },
      {
        id: 'graph-group-like',
        title: t('graph.groupLike'),
        icon: Group,
        why: graph.canGroupAlike(node.id) ? undefined : t('graph.why.noLike'),
        run: () => graph.groupAlike(node.id),
      },
      {
        id: 'graph-from',
        title: t('graph.pathFrom'),
        icon: Flag,
        isFirst: true,
        run: () => asEnd('from', node.id),
      },
      { id: 'graph-to', title: t('graph.pathTo'), icon: FlagTriangleRight, run: () => asEnd('to', node.id) },
    ]
  }
  const marks = (): GraphAction[] =>
    cases.isReadOnly || chosen.value.every((node) => node.group && node.group.members.length === 0)
      ? []
      : [
          {
            id: 'flag',
            title: t('work.flag'),
            icon: Flag,
            keys: ['f'],
            isFirst: true,
            isOfFrame: true,
            run: () => void work.toggle('flag'),
          },
          {
            id: 'tag',
            title: t('work.tag'),
            icon: Tag,
            keys: ['t'],
            isOfFrame: true,
            run: () => work.write('tag'),
          },
          {
            id: 'note',
            title: t('work.note'),
            icon: StickyNote,
            keys: ['n'],
            isOfFrame: true,
            run: () => work.write('note'),
          },
          {
            id: 'verdict',
            title: t('work.verdict'),
            icon: Scale,
            isOfFrame: true,
            run: () => work.write('verdict'),
          },
          {
            id: 'pin',
            title: t('work.pin'),
            icon: Pin,
            keys: ['p'],
            isOfFrame: true,
            run: () => void work.toggle('pin'),
          },
          {
            id: 'relate',
            title: t('work.relate'),
            icon: Link2,
            isOfFrame: true,
            run: () => (work.dialog = 'relate'),
          },
        ]

  return computed(() => {
    const nodes = chosen.value
    const [first] = nodes
    if (first === undefined) return []
    const ids = nodes.map((node) => node.id)
    const isPinned = ids.every((id) => graph.picture.pinned.has(id))
    const own = nodes.length === 1 ? oneNode(first) : []
    const many: GraphAction[] =
      nodes.length > 1
        ? [
            {
              id: 'graph-group',
              title: counted('graph.group', nodes.length),
              icon: Group,
              run: () => graph.group(ids),
            },
          ]
        : []
    return [
      ...own,
      ...many,
      {
        id: 'graph-hide',
        title: t('graph.hide'),
        icon: EyeOff,
        keys: ['Del'],
        isFirst: true,
        run: () => graph.hide(ids),
      },
      {
        id: 'graph-only',
        title: t('graph.only'),
        icon: Crosshair,
        run: () => graph.hide(graph.shown.nodes.map((node) => node.id).filter((id) => !ids.includes(id))),
      },
      {
        id: 'graph-pin',
        title: t(isPinned ? 'graph.unpin' : 'graph.pin'),
        icon: MapPin,
        run: () => graph.pin(ids),
      },
      { id: 'graph-copy-names', title: t('graph.copyNames'), icon: Copy, run: () => void copyNames() },
      ...marks(),
    ]
  })
}

/** What can be done to the picture as a whole, beside what the toolbar has. */
export function useGroundActions(): ComputedRef<readonly GraphAction[]> {
  const graph = useGraphStore()
  const { t } = useWords()
  return computed(() => [
    {
      id: 'graph-group-all',
      title: t('graph.groupAll'),
      icon: Layers,
      isFirst: true,
      why: graph.canGroupAlike(null) ? undefined : t('graph.why.noLike'),
      run: () => graph.groupAlike(null),
    },
    ...(graph.picture.groups.size > 0
      ? [{ id: 'graph-ungroup-all', title: t('graph.ungroupAll'), icon: Ungroup, run: graph.ungroupAll }]
      : []),
    ...(graph.picture.hidden.size > 0
      ? [{ id: 'graph-show-hidden', title: t('graph.showHidden'), icon: Eye, run: graph.showHidden }]
      : []),
    {
      id: 'graph-select-all',
      title: t('graph.selectAll'),
      icon: BoxSelect,
      keys: ['Ctrl A'],
      run: () =>
        graph.choose(
          graph.shown.nodes.map((node) => node.id),
          false,
        ),
    },
  ])
}
