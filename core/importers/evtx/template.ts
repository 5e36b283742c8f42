import type { ElementNode, NameReference, NameSource } from './binxml.ts'
import { parseXml } from './binxml.ts'
import { BrokenRecord, u32 } from './bytes.ts'
import { compileFlat, type FlatProgram, type Place } from './flat-program.ts'
import { compileJson, type JsonProgram } from './json-program.ts'
import { TemplateLibrary } from './template-library.ts'

/** A definition's header: u32 next, 16-byte GUID, u32 size of what follows (formats.md A1.5). */
export const DEFINITION_HEADER = 24

/** A parsed template with the programs made from it on first use, one per place it is used in. */
export class Template {
  readonly nodes: readonly ElementNode[]
  readonly #flat = new Map<Place, FlatProgram>()
  readonly #json = new Map<Place, JsonProgram>()

  constructor(nodes: readonly ElementNode[]) {
    this.nodes = nodes
  }
  flat(place: Place): FlatProgram {
    let program = this.#flat.get(place)
    if (program === undefined) this.#flat.set(place, (program = compileFlat(this.nodes, place)))
    return program
  }
  json(place: Place): JsonProgram {
    let program = this.#json.get(place)
    if (program === undefined) this.#json.set(place, (program = compileJson(this.nodes, place)))
    return program
  }
}

/** Names, templates and bytes of the chunk being read. */
export class ChunkContext implements NameSource {
  bytes: Buffer = Buffer.alloc(0)
  readonly names = new Map<number, string>()
  references: NameReference[] | undefined
  readonly #library = new TemplateLibrary<Template>()
  readonly #templates = new Map<number, Template | BrokenRecord>()
  open(bytes: Buffer): void {
    this.bytes = bytes
    this.names.clear()
    this.#templates.clear()
  }
  /** Bytes a resident definition occupies at `offset`, header included. */
  definitionBytes(offset: number): number {
    if (offset + DEFINITION_HEADER > this.bytes.length) throw new BrokenRecord('template_offset', offset)
    return DEFINITION_HEADER + u32(this.bytes, offset + 20)
  }
  /** @throws BrokenRecord when the definition cannot be read; remembered, so that it costs once per chunk */
  template(offset: number): Template {
    const known = this.#templates.get(offset)
    if (known instanceof Template) return known
    if (known !== undefined) throw known
    try {
      const template = this.#parse(offset)
      this.#templates.set(offset, template)
      return template
    } catch (error) {
      if (error instanceof BrokenRecord) this.#templates.set(offset, error)
      throw error
    }
  }
  #parse(offset: number): Template {
    const end = offset + this.definitionBytes(offset)
    if (end > this.bytes.length) throw new BrokenRecord('template_size', offset)
    const known = this.#library.find(this, offset, end)
    if (known !== undefined) return known
    const references: NameReference[] = []
    this.references = references
    try {
      const nodes = parseXml(this, offset + DEFINITION_HEADER, end)
      if (nodes.length === 0) throw new BrokenRecord('template_empty', offset)
      const template = new Template(nodes)
      this.#library.add(this, offset, end, references, template)
      return template
    } finally {
      this.references = undefined
    }
  }
}
