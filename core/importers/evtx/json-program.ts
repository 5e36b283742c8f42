import type { Content, ElementNode, XmlNode } from './binxml.ts'
import { type Place, textOf } from './flat-program.ts'

/**
 * Steps that write a fragment as JSON in the shape evtx_dump made common: attributes under `#attributes`, text beside
 * them under `#text`, named Data as members of EventData, unnamed Data as one array `Data`. A repeated member name gets
 * the suffix `_2`, `_3`, so that no parser drops it.
 */
export type JsonStep =
  | { readonly kind: 'open'; readonly key: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'attributes'; readonly members: readonly JsonMember[] }
  | ({ readonly kind: 'member' } & JsonMember)
  /** Name and content are both made of values. */
  | { readonly kind: 'named'; readonly name: readonly Content[]; readonly content: readonly Content[] }
  | { readonly kind: 'list'; readonly key: string; readonly items: readonly (readonly Content[])[] }
  /** A value among other children: its own members are written in place. */
  | { readonly kind: 'nested'; readonly value: number; readonly place: Place; readonly key: string }
export interface JsonMember {
  /** `"name":`, ready to write. */
  readonly key: string
  /** Index of the only content, -1 when it is text or mixed. */
  readonly value: number
  readonly isOptional: boolean
  readonly content: readonly Content[]
  /** Where a fragment inside the value stands. */
  readonly place: Place
}
export type JsonProgram = readonly JsonStep[]

export function compileJson(nodes: readonly XmlNode[], place: Place): JsonProgram {
  const steps: JsonStep[] = []
  addChildren(steps, nodes, place, new Map())
  return steps
}

type Names = Map<string, number>

function keyFor(names: Names, name: string): string {
  const count = (names.get(name) ?? 0) + 1
  names.set(name, count)
  return `${JSON.stringify(count === 1 ? name : `${name}_${count}`)}:`
}

function addChildren(steps: JsonStep[], nodes: readonly XmlNode[], place: Place, names: Names): void {
  const unnamed = place === 'data' ? nodes.filter(isUnnamedData) : []
  let isListWritten = false
  for (const node of nodes) {
    if (node.kind === 'element' && place === 'data' && isUnnamedData(node)) {
      if (!isListWritten)
        steps.push({ kind: 'list', key: keyFor(names, 'Data'), items: unnamed.map(contentOf) })
      isListWritten = true
    } else if (node.kind === 'element') addElement(steps, node, place, names)
    else if (node.kind === 'value')
      steps.push({ kind: 'nested', value: node.index, place, key: keyFor(names, '#text') })
    else if (node.text.trim() !== '') steps.push(member(keyFor(names, '#text'), [node], place))
  }
}

function isUnnamedData(node: XmlNode): node is ElementNode {
  return (
    node.kind === 'element' &&
    node.name === 'Data' &&
    node.attributes.length === 0 &&
    contentOf(node).length === node.children.length
  )
}

/** What a child fragment of this element is: the same places as in the flat program. */
function placeInside(node: ElementNode, place: Place): Place {
  if (place === 'root') return 'event'
  if (place === 'event') return node.name === 'System' ? 'system' : 'data'
  return place
}

function addElement(steps: JsonStep[], node: ElementNode, place: Place, names: Names): void {
  const inside = placeInside(node, place)
  const content = contentOf(node)
  const isLeaf = content.length === node.children.length
  const naming = node.name === 'Data' && node.attributes.length === 1 ? node.attributes[0] : undefined
  if (isLeaf && place === 'data' && naming?.name === 'Name') {
    const name = textOf(naming.content)
    if (name === undefined) steps.push({ kind: 'named', name: naming.content, content })
    else steps.push(member(keyFor(names, name), content, inside))
    return
  }
  if (isLeaf && node.attributes.length === 0) {
    steps.push(member(keyFor(names, node.name), content, inside))
    return
  }
  steps.push({ kind: 'open', key: keyFor(names, node.name) })
  const attributeNames: Names = new Map()
  if (node.attributes.length > 0) {
    const members = node.attributes.map((attribute) =>
      toMember(keyFor(attributeNames, attribute.name), attribute.content, inside),
    )
    steps.push({ kind: 'attributes', members })
  }
  if (isLeaf && content.length > 0) steps.push(member('"#text":', content, inside))
  else if (!isLeaf) addChildren(steps, node.children, inside, new Map())
  steps.push({ kind: 'close' })
}

function member(key: string, content: readonly Content[], place: Place): JsonStep {
  return { kind: 'member', ...toMember(key, content, place) }
}
function toMember(key: string, content: readonly Content[], place: Place): JsonMember {
  const first = content[0]
  const isOnly = content.length === 1 && first?.kind === 'value'
  return { key, value: isOnly ? first.index : -1, isOptional: isOnly && first.isOptional, content, place }
}
function contentOf(node: ElementNode): Content[] {
  return node.children.filter((child): child is Content => child.kind !== 'element')
}
