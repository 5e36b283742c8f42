import type { PdfFile } from './file.ts'
import type { PdfWriter } from './writer.ts'
import { detached, dictOf, listOf, PdfRef, pdfText, type PdfDict, type PdfValue } from './value.ts'

/** Leaves of a number or name tree (ISO 32000-1, 7.9.6, 7.9.7), in order: key, value, key, value. */
export function treeEntries(
  file: PdfFile,
  root: PdfValue | undefined,
  key: 'Nums' | 'Names',
): readonly PdfValue[] {
  const node = file.dict(root)
  const kids = listOf(node.get('Kids')).flatMap((kid) => treeEntries(file, kid, key))
  return [...kids, ...listOf(file.resolve(node.get(key) ?? []))]
}

/** Names in `/Headers` and `/ID` are made per printed part: the part's number before them keeps them apart and in order. */
export const idOfPart = (raw: PdfValue, part: number): string => {
  const text = typeof raw === 'string' ? raw : ''
  const inside = text.startsWith('(')
    ? Buffer.from(text.slice(1, -1), 'latin1').toString('hex')
    : text.slice(1, -1)
  return `<${Buffer.from(`p${String(part).padStart(6, '0')}-`, 'latin1').toString('hex')}${inside}>`
}

/** The tree of tags of all parts: what is read aloud, copied as a table, and reflowed (14.7). */
export class TagTree {
  readonly #writer: PdfWriter
  readonly root: PdfRef
  readonly document: PdfRef
  readonly #kids: PdfRef[] = []
  readonly #parents: PdfRef[] = []
  readonly #ids: PdfRef[] = []
  #lang: string | undefined
  /** First key of the next part in the tree of parents. */
  nextKey = 0

  constructor(writer: PdfWriter) {
    this.#writer = writer
    this.root = writer.reserve()
    this.document = writer.reserve()
  }

  /**
   * The part's own top elements become parts of the one document.
   * @param mapped the new number of an object of the part
   */
  add(file: PdfFile, tags: PdfDict, part: number, mapped: (value: PdfValue) => PdfValue): void {
    for (const top of listOf(tags.get('K'))) {
      const ref = mapped(top)
      if (!(top instanceof PdfRef) || !(ref instanceof PdfRef)) continue
      this.#kids.push(ref)
      this.#lang ??= detached(pdfText(file.dict(top).get('Lang') ?? ''))
    }
    const first = this.nextKey
    const nums = treeEntries(file, tags.get('ParentTree'), 'Nums')
    const shifted = nums.map((value, at) => (at % 2 === 0 ? String(Number(value) + first) : mapped(value)))
    this.nextKey = first + Number(file.resolve(tags.get('ParentTreeNextKey') ?? '0'))
    this.#leaf(this.#parents, 'Nums', shifted)
    const names = treeEntries(file, tags.get('IDTree'), 'Names')
    this.#leaf(
      this.#ids,
      'Names',
      names.map((value, at) => (at % 2 === 0 ? idOfPart(value, part) : mapped(value))),
    )
  }

  #leaf(leaves: PdfRef[], key: 'Nums' | 'Names', values: readonly PdfValue[]): void {
    const [first, last] = [values[0], values.at(-2)]
    if (first === undefined || last === undefined) return
    leaves.push(
      this.#writer.add(
        new Map<string, PdfValue>([
          ['Limits', [first, last]],
          [key, values],
        ]),
      ),
    )
  }

  finish(): void {
    const document = new Map<string, PdfValue>([
      ['Type', '/StructElem'],
      ['S', '/Document'],
      ['P', this.root],
      ['K', this.#kids],
    ])
    if (this.#lang !== undefined && this.#lang !== '') document.set('Lang', this.#lang)
    this.#writer.add(document, this.document)
    const tree = (leaves: readonly PdfRef[]): PdfValue => this.#writer.add(new Map([['Kids', leaves]]))
    const root = new Map<string, PdfValue>([
      ['Type', '/StructTreeRoot'],
      ['K', this.document],
      ['ParentTreeNextKey', String(this.nextKey)],
    ])
    if (this.#parents.length > 0) root.set('ParentTree', tree(this.#parents))
    if (this.#ids.length > 0) root.set('IDTree', tree(this.#ids))
    this.#writer.add(root, this.root)
  }
}

/** Attributes of an element with the names of header cells of this part. */
export function attributesOfPart(value: PdfValue, part: number): PdfValue {
  const one = (attribute: PdfValue): PdfValue => {
    const headers = dictOf(attribute).get('Headers')
    if (headers === undefined) return attribute
    return new Map(dictOf(attribute)).set(
      'Headers',
      listOf(headers).map((id) => idOfPart(id, part)),
    )
  }
  return Array.isArray(value) ? (value as readonly PdfValue[]).map(one) : one(value)
}

/** Level of a heading by its tag, `H1` 1; what is no heading is as deep as can be. */
export const headingLevel = (element: PdfDict): number =>
  Number(/^\/H([1-6])$/.exec(pdfText(element.get('S') ?? ''))?.[1] ?? 6)
