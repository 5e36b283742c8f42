import type { ComputedRef, Ref } from 'vue'
import { toSvg } from '../../graph/export-svg.ts'
import type { Positions } from '../../graph/layout.ts'
import { withLightTheme } from '../../graph/print-theme.ts'
import { styleOf, type ShownSlice } from '../../graph/shown.ts'
import { saveBlob } from '../../graph/save-picture.ts'
import { useWords } from '../../i18n/use-words.ts'
import { useNoticeStore } from '../../stores/notices.ts'
import { defangName } from '../../text/defang.ts'
import { toVisible } from '../../text/visible.ts'

interface Drawing {
  positions(): Positions
  png(): Blob | undefined
}

/** Takes the picture out: SVG and PNG in the colours of print, the relations as a table of text. */
export function usePicture(canvas: Ref<Drawing | null>, named: ComputedRef<ShownSlice>) {
  const notices = useNoticeStore()
  const { word, t } = useWords()

  function saveSvg(): void {
    const drawing = canvas.value
    if (!drawing) return
    const svg = withLightTheme((palette) =>
      toSvg(
        named.value,
        drawing.positions(),
        {
          ground: palette.color('--panel'),
          ink: palette.color('--ink'),
          inkSoft: palette.color('--ink-2'),
          line: palette.color('--ink-3'),
          thread: palette.color('--thread'),
          nodeInk: palette.color('--node-ink'),
          hue: palette.color,
        },
        (kind) => word('relation.kind', kind),
      ),
    )
    saveBlob(new Blob([svg], { type: 'image/svg+xml' }), 'graph.svg')
    notices.say('graph.saved', { name: 'graph.svg' })
  }
  function savePng(): void {
    const blob = canvas.value?.png()
    if (!blob) return
    saveBlob(blob, 'graph.png')
    notices.say('graph.saved', { name: 'graph.png' })
  }
  async function copyTable(): Promise<void> {
    const nodes = new Map(named.value.nodes.map((node) => [node.id, node]))
    const name = (id: string): string => {
      const node = nodes.get(id)
      return node ? toVisible(defangName(node.kind, node.name)).replaceAll(/\s+/gu, ' ') : ''
    }
    const head = [
      t('hop.from'),
      t('hop.relation'),
      t('hop.to'),
      t('hop.at'),
      t('hop.seen'),
      t('hop.confidence'),
    ]
    const rows = named.value.edges.map((edge) => [
      name(edge.from),
      word('relation.kind', edge.kind),
      name(edge.to),
      edge.at ?? '',
      t(`graph.line.${styleOf(edge)}`),
      edge.confidence.toFixed(2),
    ])
    const text = [head, ...rows].map((cells) => cells.map(plainCell).join('\t')).join('\n')
    await notices.guard(() => navigator.clipboard.writeText(text))
    notices.say('app.copied', {}, 'plain')
  }
  return { saveSvg, savePng, copyTable }
}

// A cell that begins like a formula would be run by a spreadsheet (TRUST.md threat 6).
const plainCell = (cell: string): string => (/^[=+\-@\t\r]/u.test(cell) ? `'${cell}` : cell)
