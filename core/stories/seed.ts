import type { DetectionLevel } from '../model/detection.ts'
import type { RelationKind } from '../model/relation.ts'

/** What speaks for an attack, by the word of the reason shown with the score. */
export const SIGNS = [
  'bad_link',
  'click_before_sign_in',
  'mail_file_ran',
  'script_from_document',
  'credentials',
  'injection',
  'remote_execution',
  'persistence',
  'mailbox_changed',
  'detection_low',
  'detection_medium',
  'detection_high',
  'detection_critical',
] as const
export type Sign = (typeof SIGNS)[number]

/** One suspicious thing that happened: the entities it is about, and what proves it. */
export interface Seed {
  readonly sign: Sign
  /** 0..1: how much it speaks for an attack by itself, sure or not. */
  readonly weight: number
  /** 0..1: how sure it is that it happened. */
  readonly sure: number
  readonly at: number | null
  /** When a detection saw it last. */
  readonly until?: number | null
  readonly nodes: readonly number[]
  /** Those of the nodes that somebody tried to get at, in vain as far as is known. */
  readonly tried?: ReadonlySet<number>
  /** The first node is not what its name says (`services.exe` with a parent it never has). */
  readonly isDisguise?: boolean
  /** Another sign says the same and says it more gravely: this one ties parts together as ever, and is not counted again. */
  readonly isToldTwice?: boolean
  /** A security product says so, and no rule. */
  readonly isOfProduct?: boolean
  /** What recurs by a timer, of which this is one time. */
  readonly routine?: string
  /** Of the network; -1 when it is a detection. */
  readonly relation: number
  /** Row id; -1 when it is a relation. */
  readonly detection: number
}

/**
 * How much a relation speaks for an attack by itself. What honest administrators do every day weighs little: with nothing beside
 * it such a thing makes a story at the end of the list.
 */
export const RELATION_SIGNS: Partial<Record<RelationKind, { readonly sign: Sign; readonly weight: number }>> =
  {
    'accessed-credentials': { sign: 'credentials', weight: 0.8 },
    'injected-into': { sign: 'injection', weight: 0.6 },
    'remote-execution': { sign: 'remote_execution', weight: 0.4 },
    'installed-service': { sign: 'persistence', weight: 0.15 },
    'created-task': { sign: 'persistence', weight: 0.15 },
    'created-subscription': { sign: 'persistence', weight: 0.5 },
    'wrote-registry': { sign: 'persistence', weight: 0.15 },
    'changed-mailbox': { sign: 'mailbox_changed', weight: 0.2 },
    'forwards-to': { sign: 'mailbox_changed', weight: 0.2 },
  }

export const LEVEL_SIGNS: Readonly<Record<DetectionLevel, { readonly sign: Sign; readonly weight: number }>> =
  {
    low: { sign: 'detection_low', weight: 0.1 },
    medium: { sign: 'detection_medium', weight: 0.3 },
    high: { sign: 'detection_high', weight: 0.6 },
    critical: { sign: 'detection_critical', weight: 0.9 },
  }
