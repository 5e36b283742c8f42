import {
  Box,
  CalendarClock,
  Cloud,
  Cog,
  Cpu,
  Database,
  FolderTree,
  FileText,
  Globe,
  Inbox,
  Link2,
  Mail,
  Monitor,
  Network,
  Paperclip,
  Repeat,
  ScrollText,
  User,
  Users,
} from '@lucide/vue'
import type { Component } from 'vue'

/**
 * How entity kinds differ without colour (UX.md section 9). One geometry for the canvas, the legend, chips and the
 * printed figure: an ellipse, a rounded rectangle, or a polygon in the square -1..1.
 */
export interface KindLook {
  readonly outline: 'ellipse' | 'round' | readonly number[]
  /** Width over height of the drawn node. */
  readonly aspect: number
  readonly isDouble: boolean
  readonly icon: Component
  /** CSS custom property that holds the hue. */
  readonly hue: string
}

const HEXAGON = [-1, 0, -0.5, -0.9, 0.5, -0.9, 1, 0, 0.5, 0.9, -0.5, 0.9]
const OCTAGON = [-0.42, -1, 0.42, -1, 1, -0.42, 1, 0.42, 0.42, 1, -0.42, 1, -1, 0.42, -1, -0.42]
const DIAMOND = [0, -1, 1, 0, 0, 1, -1, 0]
const PAGE = [-0.78, -1, 0.3, -1, 0.78, -0.52, 0.78, 1, -0.78, 1]
const CLIP = [-0.3, -1, 0.78, -1, 0.78, 1, -0.78, 1, -0.78, -0.52]
const TRAY = [-1, -0.85, -0.55, -0.85, -0.35, -0.55, 0.35, -0.55, 0.55, -0.85, 1, -0.85, 1, 0.85, -1, 0.85]
const TAG = [-1, -0.7, 0.5, -0.7, 1, 0, 0.5, 0.7, -1, 0.7]
const BARREL = [-0.8, -0.8, -0.4, -1, 0.4, -1, 0.8, -0.8, 1, 0, 0.8, 0.8, 0.4, 1, -0.4, 1, -0.8, 0.8, -1, 0]
const HEPTAGON = [0, -1, 0.78, -0.62, 0.97, 0.22, 0.43, 0.9, -0.43, 0.9, -0.97, 0.22, -0.78, -0.62]

const look = (
  outline: KindLook['outline'],
  icon: Component,
  hue: string,
  rest: Partial<KindLook> = {},
): KindLook => ({
  outline,
  aspect: 1,
  isDouble: false,
  icon,
  hue: `--kind-${hue}`,
  ...rest,
})

const looks: ReadonlyMap<string, KindLook> = new Map([
  ['user', look('ellipse', User, 'user')],
  ['endpoint', look('round', Monitor, 'endpoint')],
  ['mailbox', look(TRAY, Inbox, 'mailbox', { aspect: 1.15 })],
  ['message', look('round', Mail, 'message', { aspect: 1.4 })],
  ['attachment', look(CLIP, Paperclip, 'attachment')],
  ['file', look(PAGE, FileText, 'file')],
  ['url', look(HEXAGON, Link2, 'url', { aspect: 1.12 })],
  ['domain', look(BARREL, Globe, 'domain')],
  ['ip', look(DIAMOND, Network, 'ip', { aspect: 1.1 })],
  ['process', look(OCTAGON, Cog, 'process')],
  ['group', look('ellipse', Users, 'group', { isDouble: true })],
  ['registry-key', look(TAG, Database, 'other', { aspect: 1.25 })],
  ['service', look(HEPTAGON, Cpu, 'process')],
  ['scheduled-task', look(HEPTAGON, CalendarClock, 'other')],
  ['cloud-app', look('round', Cloud, 'domain', { aspect: 1.3 })],
  ['wmi-subscription', look(HEPTAGON, Repeat, 'other')],
  ['gpo', look(PAGE, ScrollText, 'group')],
  ['ou', look(TRAY, FolderTree, 'group', { aspect: 1.15 })],
])
const UNKNOWN: KindLook = look('round', Box, 'other')

/** The look of a kind; kinds of a newer engine draw as a plain box. */
export const lookOf = (kind: string): KindLook => looks.get(kind) ?? UNKNOWN

/** The outline as an SVG path around (x, y), `height` high. */
export function outlinePath(shape: KindLook, x: number, y: number, height: number): string {
  const h = height / 2
  const w = h * shape.aspect
  const at = (px: number, py: number): string => `${round(x + px * w)} ${round(y + py * h)}`
  if (shape.outline === 'ellipse') {
    return `M${at(-1, 0)}A${round(w)} ${round(h)} 0 1 1 ${at(1, 0)}A${round(w)} ${round(h)} 0 1 1 ${at(-1, 0)}Z`
  }
  if (shape.outline === 'round') {
    const r = round(h * 0.32)
    const [l, t, b, e] = [round(x - w), round(y - h), round(y + h), round(x + w)]
    return `M${l + r} ${t}H${e - r}A${r} ${r} 0 0 1 ${e} ${t + r}V${b - r}A${r} ${r} 0 0 1 ${e - r} ${b}H${l + r}A${r} ${r} 0 0 1 ${l} ${b - r}V${t + r}A${r} ${r} 0 0 1 ${l + r} ${t}Z`
  }
  const points: string[] = []
  for (let i = 0; i < shape.outline.length; i += 2)
    points.push(at(shape.outline[i] ?? 0, shape.outline[i + 1] ?? 0))
  return `M${points.join('L')}Z`
}

const round = (value: number): number => Math.round(value * 100) / 100
