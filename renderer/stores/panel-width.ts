import type { Ref } from 'vue'
import { remembered } from './remembered.ts'

/**
 * The width somebody gave a panel, in pixels; null: the screen's own choice.
 * @param key `timeline.facets`, `mail.list` ... (one word per panel)
 */
export const panelWidth = (key: string, min: number, max: number): Ref<number | null> =>
  remembered<number | null>(`panel.${key}`, (kept) =>
    typeof kept === 'number' && Number.isFinite(kept) ? Math.min(max, Math.max(min, kept)) : null,
  )
