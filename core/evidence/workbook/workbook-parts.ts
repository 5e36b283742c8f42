import { readWholeXml } from './xml-pieces.ts'

/** Reads a part of the package by its path (`xl/workbook.xml`); undefined when there is none. */
export type OpenPart = (path: string) => AsyncIterable<Uint8Array> | undefined

/** One sheet and the part it stands in. */
export interface SheetPart {
  readonly name: string
  readonly path: string
}

/** What stands where in a workbook. */
export interface WorkbookParts {
  readonly sheets: readonly SheetPart[]
  readonly strings: string | undefined
  readonly styles: string | undefined
  readonly is1904: boolean
}

/** A workbook with more is made to be one; each is opened and looked at. */
const MAX_SHEETS = 1_000
/** Where it lies by convention; the root's relationships may say otherwise. */
const USUAL = 'xl/workbook.xml'

interface Relation {
  readonly id: string
  /** Last word of its type: the strict and the transitional forms differ in what stands before. */
  readonly type: string
  readonly path: string
}

/** The relationships of a part (ECMA-376 part 2, 6.5); none where it has none. */
async function relationsOf(path: string, open: OpenPart): Promise<readonly Relation[]> {
  const slash = path.lastIndexOf('/') + 1
  const folder = path.slice(0, slash)
  const stream = open(`${folder}_rels/${path.slice(slash)}.rels`)
  const relations: Relation[] = []
  if (stream === undefined) return relations
  await readWholeXml(stream, {
    open(name, attributes) {
      const { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode } = attributes
      if (name === 'Relationship' && mode !== 'External')
        relations.push({ id, type: type.slice(type.lastIndexOf('/') + 1), path: resolved(folder, target) })
    },
    text: () => undefined,
    close: () => undefined,
  })
  return relations
}

/** A target beside its part, or (with a slash before it) from the root of the package. */
function resolved(folder: string, target: string): string {
  const steps: string[] = []
  for (const step of (target.startsWith('/') ? target : folder + target).split('/'))
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  return steps.join('/')
}

/** Sheets in the order of their tabs, hidden ones too; charts and macro sheets hold no rows. */
export async function readWorkbookParts(open: OpenPart): Promise<WorkbookParts | undefined> {
  const root = await relationsOf('', open)
  const path = root.find(({ type }) => type === 'officeDocument')?.path ?? USUAL
  const stream = open(path)
  if (stream === undefined) return undefined
  const relations = await relationsOf(path, open)
  const byId = new Map(relations.map((relation) => [relation.id, relation]))
  const sheets: SheetPart[] = []
  let is1904 = false
  await readWholeXml(stream, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '')
      if (name !== 'sheet' || sheets.length >= MAX_SHEETS) return
      const id = Object.entries(attributes).find(([key]) => /(?:^|:)id$/.test(key))?.[1] ?? ''
      const part = byId.get(id)
      if (part?.type === 'worksheet') sheets.push({ name: attributes['name'] ?? '', path: part.path })
    },
    text: () => undefined,
    close: () => undefined,
  })
  const pathOf = (wanted: string) => relations.find(({ type }) => type === wanted)?.path
  return { sheets, strings: pathOf('sharedStrings'), styles: pathOf('styles'), is1904 }
}
