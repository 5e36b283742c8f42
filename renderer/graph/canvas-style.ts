import { Ellipsis } from '@lucide/vue'
import type { NodeSingular, StylesheetJson } from 'cytoscape'
import { ENTITY_KINDS } from '../../core/model/relation.ts'
import { BADGE_SIZE, BADGES, badgeUrl } from './badges.ts'
import { lookOf } from './shapes.ts'
import type { Palette } from './palette.ts'
import { iconUrl } from './icon-url.ts'

export const NODE_HEIGHT = 34
/** A node that stands for several. */
export const CLUSTER_HEIGHT = 46
const NODE_FONT = 12
const LINE_FONT = 11
/** Below this zoom names would fall under 11 px and labels of lines under 10 px: no picture opens smaller. */
export const READABLE_ZOOM = Math.max(11 / NODE_FONT, 10 / LINE_FONT)

/**
 * How the canvas draws: kinds by shape, icon and hue; observed solid, possible dashed, stated by the analyst dotted; the path in the thread.
 * @param isMany lines are straight and small text is left out: thousands of curves take seconds
 */
export function canvasStyle(palette: Palette, isMany = false): StylesheetJson {
  const c = (token: string): string => palette.color(token)
  const ink = c('--node-ink')
  return [
    {
      selector: 'node',
      style: {
        height: NODE_HEIGHT,
        'background-width': 18,
        'background-height': 18,
        'background-image-containment': 'inside',
        'border-color': ink,
        label: 'data(label)',
        color: c('--ink'),
        'font-family': getComputedStyle(document.body).fontFamily,
        'font-size': NODE_FONT,
        'text-valign': 'bottom',
        'text-margin-y': 5,
        'text-wrap': 'wrap',
        'text-max-width': '220px',
        'line-height': 1.25,
        'text-background-color': c('--node-ground'),
        'text-background-opacity': 0.82,
        'text-background-padding': '2px',
        'min-zoomed-font-size': isMany ? 9 : 6,
        'overlay-opacity': 0,
      },
    },
    kindStyle('node', 'unknown', palette),
    ...ENTITY_KINDS.map((kind) => kindStyle(`node[kind="${kind}"]`, kind, palette)),
    { selector: 'node[?isAbove]', style: { 'text-valign': 'top', 'text-margin-y': -5 } },
    {
      selector: 'node[rating="suspicious"]',
      style: { 'border-width': 3, 'border-color': c('--risk-suspicious') },
    },
    {
      selector: 'node[rating="malicious"]',
      style: { 'border-width': 4, 'border-color': c('--risk-dangerous') },
    },
    {
      selector: 'node.end',
      style: {
        'font-weight': 'bold',
        'underlay-color': c('--thread'),
        'underlay-opacity': 0.22,
        'underlay-padding': 7,
        'underlay-shape': 'ellipse',
      },
    },
    {
      selector: 'node.cluster',
      style: {
        height: CLUSTER_HEIGHT,
        'border-width': 6,
        'border-style': 'double',
        'border-color': c('--ink'),
        'background-width': 22,
        'background-height': 22,
        'font-weight': 'bold',
      },
    },
    {
      selector: 'node.unloaded',
      style: {
        shape: 'ellipse',
        height: NODE_HEIGHT,
        width: NODE_HEIGHT,
        'background-color': c('--node-ground'),
        'background-image': iconUrl('more', Ellipsis, c('--ink-2')),
        'border-style': 'dashed',
        'border-width': 2,
        'border-color': c('--ink-3'),
      },
    },
    {
      selector: 'node.folded',
      style: { 'border-width': 4, 'border-style': 'double', 'border-color': c('--ink') },
    },
    {
      selector: 'node.pinned',
      style: {
        'outline-width': 2,
        'outline-color': c('--ink-2'),
        'outline-style': 'dotted',
        'outline-offset': 3,
      },
    },
    badgeStyle(palette),
    {
      selector: 'node:selected',
      style: {
        'underlay-color': c('--accent'),
        'underlay-opacity': 0.4,
        'underlay-padding': 7,
        'underlay-shape': 'round-rectangle',
      },
    },
    {
      selector: 'edge',
      style: {
        width: 1.2,
        'line-color': c('--line-strong'),
        'target-arrow-color': c('--line-strong'),
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.8,
        'curve-style': isMany ? 'straight' : 'bezier',
        label: '',
        'font-size': LINE_FONT,
        'font-family': getComputedStyle(document.body).fontFamily,
        color: c('--ink-2'),
        'text-rotation': 'autorotate',
        'text-wrap': 'wrap',
        'text-background-color': c('--node-ground'),
        'text-background-opacity': 0.85,
        'text-background-padding': '1px',
        'min-zoomed-font-size': 8,
        'overlay-opacity': 0,
      },
    },
    {
      selector: 'edge.possible',
      style: { 'line-style': 'dashed', 'line-dash-pattern': [6, 4], 'target-arrow-shape': 'vee' },
    },
    {
      selector: 'edge.analyst',
      style: { 'line-style': 'dotted', 'target-arrow-shape': 'circle', width: 2 },
    },
    {
      selector: 'edge.path',
      style: {
        width: 3,
        'line-color': c('--thread'),
        'target-arrow-color': c('--thread'),
        label: 'data(label)',
        'z-index': 10,
        color: c('--ink'),
      },
    },
    {
      selector: 'edge.lit',
      style: { width: 2, 'line-color': c('--ink-2'), 'target-arrow-color': c('--ink-2') },
    },
    { selector: 'edge.near', style: { label: 'data(label)' } },
    {
      selector: 'edge.path.lit',
      style: { 'line-color': c('--thread'), 'target-arrow-color': c('--thread'), width: 3 },
    },
    {
      selector: 'edge:selected',
      style: {
        width: 4,
        label: 'data(label)',
        'underlay-color': c('--accent'),
        'underlay-opacity': 0.35,
        'underlay-padding': 4,
      },
    },
    { selector: 'edge.mute', style: { label: '' } },
    {
      selector: 'edge.fresh',
      style: {
        width: 4,
        label: 'data(label)',
        color: c('--ink'),
        'underlay-color': c('--accent'),
        'underlay-opacity': 0.35,
        'underlay-padding': 4,
      },
    },
    { selector: '.later', style: { visibility: 'hidden' } },
    { selector: '.dimmed', style: { opacity: 0.2, 'text-opacity': 0.35 } },
    {
      selector: 'node.found',
      style: { 'underlay-color': c('--warn'), 'underlay-opacity': 0.5, 'underlay-padding': 8 },
    },
  ]
}

/** What a kind alone decides. A fixed style per kind: functions per node cost seconds on thousands of nodes. */
function kindStyle(selector: string, kind: string, palette: Palette): StylesheetJson[number] {
  const look = lookOf(kind)
  return {
    selector,
    style: {
      width: NODE_HEIGHT * look.aspect,
      shape: cyShape(kind),
      'shape-polygon-points': polygon(kind),
      'background-color': palette.color(look.hue),
      'background-image': iconUrl(kind, look.icon, palette.color('--node-ink')),
      'border-width': look.isDouble ? 4 : 1,
      'border-style': look.isDouble ? 'double' : 'solid',
    },
  }
}

/** Marks at the corners of a node, the first at the right. A function, but only for the few nodes that are marked. */
function badgeStyle(palette: Palette): StylesheetJson[number] {
  const [disc, ink] = [palette.color('--badge'), palette.color('--on-badge')]
  const icon = (kind: string): string => iconUrl(kind, lookOf(kind).icon, palette.color('--node-ink'))
  const images = (node: NodeSingular): string[] => [
    icon(String(node.data('kind'))),
    ...BADGES.filter((badge) => node.hasClass(badge)).map((badge) => badgeUrl(badge, disc, ink)),
  ]
  return {
    selector: 'node.badged',
    style: {
      'background-image': images,
      'background-width': ['18px', `${BADGE_SIZE}px`, `${BADGE_SIZE}px`],
      'background-height': ['18px', `${BADGE_SIZE}px`, `${BADGE_SIZE}px`],
      'background-position-x': ['50%', '100%', '0%'],
      'background-position-y': ['50%', '0%', '0%'],
      'background-offset-x': ['0px', '8px', '-8px'],
      'background-offset-y': ['0px', '-8px', '-8px'],
      'background-clip': ['node', 'none', 'none'],
      'background-image-containment': ['inside', 'over', 'over'],
      'bounds-expansion': 9,
    },
  }
}

function cyShape(kind: string): 'ellipse' | 'round-rectangle' | 'polygon' {
  const { outline } = lookOf(kind)
  if (outline === 'ellipse') return 'ellipse'
  return outline === 'round' ? 'round-rectangle' : 'polygon'
}
function polygon(kind: string): string {
  const { outline } = lookOf(kind)
  return (typeof outline === 'string' ? [-1, -1, 1, -1, 1, 1, -1, 1] : outline).join(' ')
}
