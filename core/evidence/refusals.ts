import type { ImportResult } from '../contract/nouns/evidence.ts'
import { appendAudit } from '../store/audit.ts'
import type { WriteStore } from '../store/store.ts'

/** Refusals of one import that are noted one by one; the others are counted. A folder may hold links to everything. */
const NOTED = 300

/**
 * Writes down what was handed over and not taken, so that the case can still say it when the message is gone. What is in the case
 * already is no loss and is not noted.
 */
export class Refusals {
  readonly #db: WriteStore
  readonly #now: () => number
  readonly list: ImportResult['refused'] = []
  #noted = 0
  #more = 0

  constructor(db: WriteStore, now: () => number) {
    this.#db = db
    this.#now = now
  }

  /**
   * @param path where it lies: hosts have files of one name
   * @param isKept the case says by itself what became of it
   */
  add(refused: ImportResult['refused'][number], path: string, isKept = false): void {
    this.list.push({ ...refused, path })
    const { name, code } = refused
    if (isKept || code === 'evidence.duplicate') return
    this.#noted += 1
    if (this.#noted > NOTED) this.#more += 1
    else this.#note({ name, code, path })
  }

  /** To be called when the import is over, however it ends. */
  end(): void {
    if (this.#more > 0) this.#note({ count: this.#more })
    this.#more = 0
  }

  #note(details: Readonly<Record<string, string | number>>): void {
    const at = this.#now()
    this.#db.transaction(() => appendAudit(this.#db, { at, action: 'evidence.refuse', details }))()
  }
}
