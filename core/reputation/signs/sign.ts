import type { Texts } from '../../model/text.ts'
import type { PageFacts } from './page-facts.ts'
import type { UrlFacts } from './url-facts.ts'

/** What an analysis looks at: the address, and the page behind it where that is in evidence. */
export interface Subject {
  readonly url: UrlFacts
  /** Pages and mail texts that belong to the address; empty when none is in evidence. */
  readonly pages: readonly PageFacts[]
  /** Registrable domains of the other links of the same mails. */
  readonly companions: readonly string[]
}

/**
 * One sign = one file `<id>.sign.ts` with this as default export, found by registry.ts. A sign is no proof: its weight says how much it
 * adds, and only the sum of several makes a level.
 */
export interface Sign {
  /** Lower-case words with dashes; equals the file name. */
  readonly id: string
  readonly weight: number
  /**
   * `identity`: pretends to be somebody; `credentials`: is after passwords; `hiding`: hides where it leads or whom it is for. Identity
   * together with credentials is credential phishing (W6).
   */
  readonly about: 'identity' | 'credentials' | 'hiding'
  /** One sentence with `{found}`. Prefix: `sign.`, key: the id. */
  readonly texts: Texts<'text'>
  /** What it was found in, short; undefined when the sign is not there. */
  find(subject: Subject): string | undefined
}
