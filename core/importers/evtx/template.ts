import type { ElementNode, NameReference, NameSource, XmlNode } from './binxml.ts'
import { parseXml } from './binxml.ts'
import { BrokenRecord, u32 } from './bytes.ts'
import { compileFlat, type FlatProgram, type Place } from './flat-program.ts'
import { compileJson, type JsonProgram } from './json-program.ts'
import { TemplateLibrary } from './template-library.ts'

/** A definition's header: u32 next, 16-byte GUID, u32 size of what follows (formats.md A1.5). */
export const DEFINITION_HEADER = 24

/** As MAX_TEMPLATES of the library: a hostile file brings a new one with every record. */
const MAX_LEARNED = 4_096

/** A parsed template with the programs made from it on first use, one per place it is used in. */
export class Template {
  readonly nodes: readonly ElementNode[]
  readonly #flat = new Map<Place, FlatProgram>()
  readonly #json = new Map<Place, JsonProgram>()
  #valueCount: number | undefined

  constructor(nodes: readonly ElementNode[]) {
    this.nodes = nodes
  }
  /** How many values an instance must have at least. */
  get valueCount(): number {
    return (this.#valueCount ??= highestValue(this.nodes) + 1)
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

function highestValue(nodes: readonly XmlNode[]): number {
  let highest = -1
  for (const node of nodes) {
    if (node.kind === 'value') highest = Math.max(highest, node.index)
    else if (node.kind === 'element') {
      highest = Math.max(highest, highestValue(node.children))
      for (const attribute of node.attributes) highest = Math.max(highest, highestValue(attribute.content))
    }
  }
  return highest
}

/** Names, templates and bytes of the chunk being read. */
export class ChunkContext implements NameSource {
  bytes: Buffer = Buffer.alloc(0)
  readonly names = new Map<number, string>()
  references: NameReference[] | undefined
  /** Set while left-over records are read, whose names may have been overwritten. */
  verifiesNames = false
  /** Templates of live records by the first four bytes of their GUID; null where two GUIDs share them. */
  readonly #learned = new Map<number, { readonly guid: string; readonly template: Template } | null>()
  readonly #library = new TemplateLibrary<Template>()
  readonly #templates = new Map<number, Template | BrokenRecord>()
  open(bytes: Buffer): void {
    this.bytes = bytes
    this.names.clear()
    this.#templates.clear()
    this.verifiesNames = false
  }
  /**
   * The template of a left-over record: its own definition if that is still there (its id and names are checked), else
   * one of the same id from a live record of this file. Undefined when there is neither.
   */
  leftOverTemplate(offset: number, id: number): { template: Template; isOwn: boolean } | undefined {
    if (this.hasDefinition(offset, id)) {
      try {
        return { template: this.template(offset), isOwn: true }
      } catch (error) {
        if (!(error instanceof BrokenRecord)) throw error
      }
    }
    const learned = this.#learned.get(id)
    return learned === null || learned === undefined
      ? undefined
      : { template: learned.template, isOwn: false }
  }
  /** Whether a definition with this id lies at `offset`. */
  hasDefinition(offset: number, id: number): boolean {
    return offset + DEFINITION_HEADER <= this.bytes.length && u32(this.bytes, offset + 4) === id
  }
  #learn(offset: number, template: Template): void {
    if (this.verifiesNames) return
    const id = u32(this.bytes, offset + 4)
    const known = this.#learned.get(id)
    const guid = this.bytes.toString('latin1', offset + 4, offset + 20)
    if (known === null || this.#learned.size >= MAX_LEARNED) return
    this.#learned.set(id, known !== undefined && known.guid !== guid ? null : { guid, template })
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
    if (known !== undefined) {
      this.#learn(offset, known)
      return known
    }
    const references: NameReference[] = []
    this.references = references
    try {
      const nodes = parseXml(this, offset + DEFINITION_HEADER, end)
      if (nodes.length === 0) throw new BrokenRecord('template_empty', offset)
      const template = new Template(nodes)
      this.#library.add(this, offset, end, references, template)
      this.#learn(offset, template)
      return template
    } finally {
      this.references = undefined
    }
  }
}
