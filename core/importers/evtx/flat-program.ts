import { internal } from '../windows/event-values.ts'
import type { AttributeNode, Content, ElementNode, XmlNode } from './binxml.ts'

/** Where in an event a fragment stands; it decides what its elements mean. */
export type Place = 'root' | 'event' | 'system' | 'data'

/** System fields the flat event carries. */
export type SystemSlot =
  | 'provider'
  | 'eventId'
  | 'version'
  | 'time'
  | 'recordId'
  | 'channel'
  | 'computer'
  | 'userSid'
  | 'executionPid'
  | 'keywords'

/**
 * One step of reading an event: put a value into a System field, into the data under a name, or descend into a value
 * that holds a fragment of its own. `value` is the index of the only content, -1 when it is text or mixed.
 */
export type FlatStep =
  | {
      readonly kind: 'system'
      readonly slot: SystemSlot
      readonly value: number
      readonly content: readonly Content[]
    }
  | {
      readonly kind: 'data'
      /** Null for an unnamed Data element. */
      readonly name: string | null
      /** Set when the name itself is a value of the instance. */
      readonly nameContent: readonly Content[] | undefined
      readonly value: number
      readonly isOptional: boolean
      readonly content: readonly Content[]
    }
  | { readonly kind: 'nested'; readonly value: number; readonly place: Place; readonly name: string }
/**
 * @property isDistinct every step sets a value under a name that no other step has: nothing has to be looked for when the
 *   event has no data yet
 */
export interface FlatProgram {
  readonly steps: readonly FlatStep[]
  readonly isDistinct: boolean
}

const SYSTEM_ELEMENTS = new Map<string, SystemSlot>([
  ['EventID', 'eventId'],
  ['Version', 'version'],
  ['Keywords', 'keywords'],
  ['EventRecordID', 'recordId'],
  ['Channel', 'channel'],
  ['Computer', 'computer'],
])
const SYSTEM_ATTRIBUTES = new Map<string, SystemSlot>([
  ['Provider/Name', 'provider'],
  ['TimeCreated/SystemTime', 'time'],
  ['Security/UserID', 'userSid'],
  ['Execution/ProcessID', 'executionPid'],
])

/**
 * Compiles a fragment into the steps that read a flat event out of an instance. RenderingInfo (texts added by a
 * collector) is left to the raw record: its names would hide those of the event.
 */
export function compileFlat(nodes: readonly XmlNode[], place: Place): FlatProgram {
  const steps: FlatStep[] = []
  for (const node of nodes) addNode(steps, node, place, '')
  return { steps, isDistinct: areDistinct(steps) }
}

function areDistinct(steps: readonly FlatStep[]): boolean {
  const names = new Set<string>()
  for (const step of steps) {
    if (step.kind === 'system') continue
    if (step.kind === 'nested' || step.name === null || step.nameContent !== undefined) return false
    if (names.has(step.name)) return false
    names.add(step.name)
  }
  return true
}

function addNode(steps: FlatStep[], node: XmlNode, place: Place, holder: string): void {
  if (node.kind === 'text') return
  if (node.kind === 'value') {
    steps.push({ kind: 'nested', value: node.index, place, name: holder })
    return
  }
  if (place === 'root') for (const child of node.children) addNode(steps, child, 'event', node.name)
  else if (place === 'event') addSection(steps, node)
  else if (place === 'system') addSystemElement(steps, node)
  else addDataElement(steps, node)
}

function addSection(steps: FlatStep[], node: ElementNode): void {
  if (node.name === 'RenderingInfo') return
  const place = node.name === 'System' ? 'system' : 'data'
  for (const child of node.children) addNode(steps, child, place, node.name)
}

function addSystemElement(steps: FlatStep[], node: ElementNode): void {
  for (const attribute of node.attributes) {
    const slot = SYSTEM_ATTRIBUTES.get(`${node.name}/${attribute.name}`)
    if (slot !== undefined) steps.push(systemStep(slot, attribute.content))
  }
  const slot = SYSTEM_ELEMENTS.get(node.name)
  if (slot !== undefined) steps.push(systemStep(slot, contentOf(node)))
}

function systemStep(slot: SystemSlot, content: readonly Content[]): FlatStep {
  return { kind: 'system', slot, value: onlyValue(content), content }
}

function addDataElement(steps: FlatStep[], node: ElementNode): void {
  const naming =
    node.name === 'Data' ? node.attributes.find((attribute) => attribute.name === 'Name') : undefined
  const others = node.attributes.filter((attribute) => attribute !== naming && !isNamespace(attribute))
  for (const attribute of others) {
    if (node.name !== 'Data') steps.push(dataStep(attribute.name, undefined, attribute.content))
  }
  const elements = node.children.filter((child) => child.kind === 'element')
  for (const child of elements) addDataElement(steps, child)
  const content = contentOf(node)
  if (content.length === 0 && (elements.length > 0 || others.length > 0)) return
  const fixedName = naming === undefined ? node.name : textOf(naming.content)
  const isUnnamed = node.name === 'Data' && naming === undefined
  steps.push(
    dataStep(
      isUnnamed ? null : (fixedName ?? node.name),
      fixedName === undefined ? naming?.content : undefined,
      content,
    ),
  )
}

function dataStep(
  name: string | null,
  nameContent: readonly Content[] | undefined,
  content: readonly Content[],
): FlatStep {
  const first = content[0]
  const isOptional = content.length === 1 && first?.kind === 'value' && first.isOptional
  const kept = name === null ? null : internal(name)
  return { kind: 'data', name: kept, nameContent, value: onlyValue(content), isOptional, content }
}

function isNamespace(attribute: AttributeNode): boolean {
  return attribute.name === 'xmlns' || attribute.name.startsWith('xmlns:')
}
function contentOf(node: ElementNode): Content[] {
  return node.children.filter((child): child is Content => child.kind !== 'element')
}
function onlyValue(content: readonly Content[]): number {
  const first = content[0]
  return content.length === 1 && first?.kind === 'value' ? first.index : -1
}
/** The fixed text of a content; undefined when a value takes part in it. */
export function textOf(content: readonly Content[]): string | undefined {
  let text = ''
  for (const part of content) {
    if (part.kind === 'value') return undefined
    text += part.text
  }
  return text
}
