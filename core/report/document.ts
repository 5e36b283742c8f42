import type { EntityRef } from '../contract/shapes.ts'
import type { RiskLevel } from '../model/verdict.ts'

/**
 * The neutral document: what a report says, without language, markup or paper. Sections build it, `render/` draws it.
 * Text from outside only ever enters as {@link Outside}, so the renderer knows what to distrust.
 */

/** A sentence of ours: full message key and parameters; a parameter may itself be words (a relation, a level). */
export interface Words {
  readonly kind: 'words'
  readonly key: string
  readonly params: Readonly<Record<string, WordsParam>>
  /** Shown when no language has the key (a value of an open set, such as an audit action). */
  readonly fallback?: string
  /** A sentence that becomes a label, with a count or another sentence after it: its full stop is dropped. */
  readonly asLabel?: boolean
}
export type WordsParam = string | number | Words

/** Text from evidence or from the analyst. `mono` keeps white space and wraps long lines with a visible mark. */
export interface Outside {
  readonly kind: 'outside'
  readonly text: string
  readonly look: 'plain' | 'mono' | 'address' | 'strong' | 'emphasis'
}

export type Inline =
  | Words
  | Outside
  /** `E3:1204` = record 1204 of evidence 3; `E3` = the item. Links to the appendix when that is printed. */
  | {
      readonly kind: 'cite'
      readonly ref: string
      /** Named, and no link: of a hundred thousand links a browser dies. */ readonly isPlain?: boolean
    }
  | { readonly kind: 'entity'; readonly entity: EntityRef; readonly withKind: boolean }
  | { readonly kind: 'risk'; readonly level: RiskLevel | null }
  | { readonly kind: 'confidence'; readonly value: number }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'break' }
  /** Its neighbours stand side by side, without the space between others. */
  | { readonly kind: 'join' }
  /** The fingerprint of the report itself, known only after rendering. */
  | { readonly kind: 'fingerprint' }

export type Line = readonly Inline[]

export interface Column {
  readonly header: Words
  /** Share of the table's width; shares of one table count against each other. */
  readonly width: number
  readonly align?: 'left' | 'right'
}

export type Ink = 'ink' | 'muted' | 'line' | 'thread' | 'ground'
/** A mark of a figure, in units of the figure's own size. Red (`thread`) is for the attack path and nothing else. */
export type Mark =
  | {
      readonly mark: 'line'
      readonly from: Point
      readonly to: Point
      readonly ink: Ink
      readonly width: number
      /** Whole unless said. */
      readonly stroke?: 'whole' | 'dashed' | 'dotted'
    }
  | {
      readonly mark: 'shape'
      readonly points: readonly Point[]
      readonly ink: Ink
      readonly fill: Ink | 'none'
      readonly width: number
    }
  | {
      readonly mark: 'circle'
      readonly at: Point
      readonly radius: number
      readonly ink: Ink
      readonly fill: Ink | 'none'
      readonly width: number
      readonly dashed?: boolean
    }
  | {
      readonly mark: 'text'
      readonly at: Point
      readonly text: Words | Outside
      readonly size: number
      readonly ink: Ink
      readonly anchor: 'start' | 'middle' | 'end'
      readonly bold?: boolean
      readonly columns?: number
    }
export type Point = readonly [number, number]

/** One row of a table; `id` makes it the target of citations (`E3`). */
export interface Row {
  readonly id?: string
  readonly cells: readonly Line[]
}

export type Block =
  | { readonly block: 'heading'; readonly text: Line }
  | {
      readonly block: 'paragraph'
      readonly text: Line
      readonly look?: 'plain' | 'lead' | 'note' | 'quote' | 'label'
    }
  | { readonly block: 'list'; readonly items: readonly Line[]; readonly ordered?: boolean }
  | {
      readonly block: 'pairs'
      readonly rows: readonly { readonly label: Words; readonly value: Line; readonly id?: string }[]
    }
  | {
      readonly block: 'table'
      readonly caption?: Words
      readonly columns: readonly Column[]
      readonly rows: readonly Row[]
      /** Stands in place of a table without rows. */
      readonly empty: Words
    }
  /** A table too long for the memory: its rows are asked for while it is drawn, and forgotten. */
  | {
      readonly block: 'long-table'
      readonly caption?: Words
      readonly columns: readonly Column[]
      readonly rows: () => AsyncIterable<Row>
      readonly empty: Words
    }
  | {
      readonly block: 'figure'
      readonly width: number
      readonly height: number
      readonly marks: readonly Mark[]
      readonly caption: Words
    }
  /** One raw record: the target of citations. */
  | {
      readonly block: 'record'
      readonly ref: string
      readonly title: Line
      readonly text: string
      readonly note?: Words
    }
  /** Records named and not printed: the target of their citations, item by item. */
  | {
      readonly block: 'register'
      readonly items: readonly {
        readonly title: Line
        readonly evidenceId: string
        readonly records: readonly number[]
      }[]
    }
  /** What the analyst wrote, apart from what the machine says. */
  | { readonly block: 'analyst'; readonly label: Words; readonly blocks: readonly Block[] }
  /** Lines to sign on. */
  | { readonly block: 'signature'; readonly lines: readonly Words[] }
  | {
      readonly block: 'cover'
      readonly over: Line
      readonly title: Line
      readonly rows: readonly { readonly label: Words; readonly value: Line }[]
    }
  /** The list of sections; `parts`: with those numbered under a section; `figures`: with the list of figures. */
  | { readonly block: 'contents'; readonly parts: boolean; readonly figures: boolean }

/** `cover`: a page of its own, no heading; `contents`: a page, no number; `page`: starts a page. */
export type SectionLayout = 'cover' | 'contents' | 'flow' | 'page'

/** A built section, ready for any renderer. */
export interface BuiltSection {
  readonly id: string
  readonly title: Words
  readonly layout: SectionLayout
  readonly blocks: readonly Block[]
}

export const words = (key: string, params: Words['params'] = {}): Words => ({ kind: 'words', key, params })
export const outside = (text: string, look: Outside['look'] = 'plain'): Outside => ({
  kind: 'outside',
  text,
  look,
})
export const entity = (ref: EntityRef, withKind = false): Inline => ({
  kind: 'entity',
  entity: { id: ref.id, kind: ref.kind, name: ref.name },
  withKind,
})
export const number = (value: number): Inline => ({ kind: 'number', value })
export const risk = (level: RiskLevel | null): Inline => ({ kind: 'risk', level })
export const confidence = (value: number): Inline => ({ kind: 'confidence', value })
export const lineBreak: Inline = { kind: 'break' }
export const join: Inline = { kind: 'join' }

/** Joins lines with a separator between them. */
export function joinLines(lines: readonly Line[], separator: Inline): Line {
  return lines.flatMap((line, index) => (index === 0 ? line : [separator, ...line]))
}
