import type { Component } from 'vue'
import type { Texts } from '../../core/model/text.ts'

/**
 * One screen = one folder `views/<id>/` with `<id>.screen.ts` that default-exports this.
 * Its title is the message `screen.<id>.title`, out of `texts` or the locale files.
 */
export interface Screen {
  readonly id: string
  /** Place in the left rail, in steps of ten. */
  readonly order: number
  readonly icon: Component
  readonly component: Component
  /** `g` then this letter goes to the screen. */
  readonly shortcut: string
  readonly texts?: Texts | undefined
}
