/** One attribute value: the text, and the bytes when the export holds them (base64, hexadecimal). */
export interface AttributeValue {
  readonly text: string
  readonly bytes?: Uint8Array
}

/** Attributes of one object by name in lower case without options (RFC 4512, 2.5: names are compared without case). */
export class Attributes {
  readonly #values: ReadonlyMap<string, readonly AttributeValue[]>
  constructor(values: ReadonlyMap<string, readonly AttributeValue[]>) {
    this.#values = values
  }
  all(name: string): readonly AttributeValue[] {
    return this.#values.get(name.toLowerCase()) ?? []
  }
  texts(name: string): string[] {
    return this.all(name)
      .map((value) => value.text.trim())
      .filter((text) => text !== '')
  }
  /** First value of the first of these attributes that has one. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.texts(name)[0]
      if (value !== undefined) return value
    }
    return undefined
  }
  has(name: string): boolean {
    return this.#values.has(name.toLowerCase())
  }
}
