/** What is shown of a record that is kept in the bytes it stands in. */
export interface RenderedRecord {
  /** What follows the locator of the bytes. */
  readonly locator: string
  readonly raw: string
  readonly isWhole: boolean
}
/**
 * Makes the raw text of the record at `at`. The bytes come out of a case file, which may be hostile: whatever they are, it
 * returns something.
 */
export type RawForm = (source: Uint8Array, at: number) => RenderedRecord

const forms = new Map<string, RawForm>()

/** Tells the store who renders the records that an importer keeps in place; the store itself knows no format. */
export function addRawForm(id: string, form: RawForm): void {
  forms.set(id, form)
}

/** A case of a foreign hand may name a form that there is not: its record is then shown as empty and not whole. */
export const renderRaw = (id: string, source: Uint8Array, at: number): RenderedRecord =>
  forms.get(id)?.(source, at) ?? { locator: '', raw: '', isWhole: false }
