import type { Words } from '../document.ts'

/** A face as the report uses it. There is no bold mono face and no slant. */
export type Face = 'sans-400' | 'sans-700' | 'mono-400'

/** Characters drawn in each face: decides which font subsets are embedded. */
export type UsedCharacters = ReadonlyMap<Face, ReadonlySet<string>>

/** What the functions that draw share. */
export interface Pen {
  /** Words in the report's language, with nested words resolved; not yet escaped. */
  say(text: Words): string
  /** A count as the report's language writes it. */
  count(value: number): string
  /** Notes that a text is drawn in a face. */
  use(face: Face, text: string): void
  /** A text from outside without the names that the redaction hides. */
  clean(text: string): string
  /** Number of the next figure, from 1, and the place where its drawing is noted for the manifest. */
  figure(title: string): { readonly number: number; readonly note: (svg: string) => void }
  /** Whether a citation has a target in this report. */
  hasTarget(ref: string): boolean
  /** Figures drawn so far. */
  figures(): readonly { readonly number: number; readonly title: string }[]
  /** The contents list, filled before drawing; `isPart`: of the section before it. */
  readonly contents: readonly {
    readonly number: string
    readonly id: string
    readonly title: string
    readonly isPart: boolean
  }[]
}

/** Where something is drawn: which face, and how many monospaced columns fit. */
export interface Place {
  readonly face: 'sans-400' | 'sans-700'
  readonly columns: number
}

/** Stands for the fingerprint until it is known. U+0000 cannot come from outside: it is always made visible. */
export const FINGERPRINT_MARK = '\u0000'

/** Columns of the monospaced face over the full text width (A4 and Letter are close enough to share it). */
export const FULL_WIDTH: Place = { face: 'sans-400', columns: 108 }

/** Id of the element a citation points to; colons are legal in ids but awkward in selectors. */
export const targetId = (ref: string): string => ref.replaceAll(':', '-')
