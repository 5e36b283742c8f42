import { computed, ref } from 'vue'
import { LAYOUTS, type Point } from '../../graph/layout.ts'
import { useWords } from '../../i18n/use-words.ts'
import { useCommands, type Command } from '../../stores/commands.ts'
import { useGraphStore } from '../../stores/graph.ts'
import { useGraphViewStore } from '../../stores/graph-views.ts'
import { useInspectorStore } from '../../stores/inspector.ts'
import { useGraphActions, useGroundActions, type GraphAction } from './graph-actions.ts'
import type { Tool } from './use-tools.ts'
import { Eye, Maximize, Redo2, Undo2 } from '@lucide/vue'

/** What only the screen can do. */
export interface ScreenActions {
  fit(): void
  saveSvg(): void
  savePng(): void
  copyTable(): Promise<void>
  isList(): boolean
  toggleList(): void
  toggleLists(): void
  toggleReplay(): void
  tool(): Tool
  setTool(tool: Tool): void
  menu(at: Point): void
}

/** The actions of the context menu, of the menu "Actions", and all of them in the palette. */
export function useMenus(screen: ScreenActions) {
  const graph = useGraphStore()
  const views = useGraphViewStore()
  const inspector = useInspectorStore()
  const { t } = useWords()
  const onNodes = useGraphActions()
  const onGround = useGroundActions()
  const edge = ref<string | null>(null)

  const onEdge = computed<readonly GraphAction[]>(() => {
    const line = graph.shown.edges.find((one) => `e${one.id}` === edge.value)
    if (!line || line.lines) return []
    return [
      {
        id: 'graph-why',
        title: t('graph.why'),
        icon: Eye,
        run: () => inspector.show('relation', line.id),
      },
    ]
  })
  const back = computed<readonly GraphAction[]>(() => [
    ...(graph.canUndo
      ? [{ id: 'graph-undo', title: t('graph.undo'), icon: Undo2, keys: ['Ctrl Z'], run: graph.undo }]
      : []),
    ...(graph.canRedo
      ? [{ id: 'graph-redo', title: t('graph.redo'), icon: Redo2, keys: ['Ctrl Y'], run: graph.redo }]
      : []),
  ])
  const general = computed<readonly GraphAction[]>(() => [
    ...onGround.value,
    { id: 'graph-fit', title: t('graph.fit'), icon: Maximize, keys: ['0'], isFirst: true, run: screen.fit },
    ...back.value,
  ])
  /** What the context menu shows: for a line, for chosen nodes, or for the picture. */
  const actions = computed(() => {
    if (onEdge.value.length > 0) return onEdge.value
    return onNodes.value.length > 0 ? onNodes.value : general.value
  })
  const menuActions = computed(() => [...onNodes.value, ...onGround.value])

  function openMenu(id: string | null, at: Point): void {
    edge.value = id !== null && graph.shown.edges.some((one) => `e${one.id}` === id) ? id : null
    if (edge.value !== null || id === null) {
      if (id === null) {
        graph.choose([], false)
        graph.selected = null
      } else graph.selected = id
    } else if (!graph.chosen.includes(id)) {
      graph.choose([], false)
      graph.selected = id
    }
    if (actions.value.length > 0) screen.menu(at)
  }

  const noPicture = computed(() => (screen.isList() ? t('graph.why.list') : undefined))
  const ofScreen = computed<readonly Command[]>(() => [
    { id: 'graph-list', title: t('graph.list'), run: screen.toggleList },
    { id: 'graph-lists', title: t('chain.lists'), run: screen.toggleLists },
    { id: 'graph-replay', title: t('graph.replay'), why: noPicture.value, run: screen.toggleReplay },
    { id: 'graph-views', title: t('graph.views'), run: () => (views.isOpen = true) },
    { id: 'graph-svg', title: t('graph.svg'), why: noPicture.value, run: screen.saveSvg },
    { id: 'graph-png', title: t('graph.png'), why: noPicture.value, run: screen.savePng },
    { id: 'graph-copy', title: t('graph.copy'), run: () => void screen.copyTable() },
    ...LAYOUTS.map((layout) => ({
      id: `graph-layout-${layout}`,
      title: t('graph.layout.use', { layout: t(`graph.layout.${layout}`) }),
      why: graph.layout === layout ? t('command.why.already') : undefined,
      run: () => graph.setLayout(layout),
    })),
    ...(['move', 'box', 'lasso'] as const).map((tool) => ({
      id: `graph-tool-${tool}`,
      title: t(`graph.tool.${tool}`),
      why: noPicture.value ?? (screen.tool() === tool ? t('command.why.already') : undefined),
      run: () => screen.setTool(tool),
    })),
    { id: 'graph-clear', title: t('graph.clear'), run: graph.empty },
  ])
  useCommands(() =>
    graph.isEmpty
      ? [{ id: 'graph-views', title: t('graph.views'), run: () => (views.isOpen = true) }, ...back.value]
      : [
          ...onNodes.value.filter((one) => one.isOfFrame !== true),
          ...onEdge.value,
          ...general.value,
          ...ofScreen.value,
        ],
  )
  return { actions, menuActions, openMenu }
}
