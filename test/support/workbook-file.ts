import { zipOf } from './archives.ts'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** One sheet: the rows as XML (`<row>...</row>`), and what else is said of it where the list of sheets names it. */
export interface SheetXml {
  readonly name: string
  readonly rows: string
  readonly state?: 'hidden'
}

/** What a workbook holds beside its sheets, as XML below the root element. */
export interface WorkbookXml {
  readonly strings?: string
  readonly styles?: string
  readonly properties?: string
  /** Members put in place of ours, or beside them. */
  readonly members?: Readonly<Record<string, string>>
}

const relation = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`

/** The members of an .xlsx, in the order Excel writes them. */
export function workbookMembers(
  sheets: readonly SheetXml[],
  { strings, styles, properties = '', members = {} }: WorkbookXml = {},
): Record<string, string> {
  const tabs = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}"${state ? ` state="${state}"` : ''} r:id="rId${index + 1}"/>`,
  )
  const relations = sheets.map((_, index) =>
    relation(`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`),
  )
  if (strings !== undefined) relations.push(relation('rIdS', 'sharedStrings', '/xl/sharedStrings.xml'))
  if (styles !== undefined) relations.push(relation('rIdT', 'styles', 'styles.xml'))
  return {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">${properties}<sheets>${tabs.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}">${relations.join('')}</Relationships>`,
    ...Object.fromEntries(
      sheets.map(({ rows }, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
    ...(strings === undefined ? {} : { 'xl/sharedStrings.xml': `<sst xmlns="${MAIN}">${strings}</sst>` }),
    ...(styles === undefined
      ? {}
      : { 'xl/styles.xml': `<styleSheet xmlns="${MAIN}">${styles}</styleSheet>` }),
    ...members,
  }
}

/** The bytes of an .xlsx. */
export const workbookOf = (sheets: readonly SheetXml[], rest: WorkbookXml = {}): Promise<Buffer> =>
  zipOf(workbookMembers(sheets, rest))

/** Rows of texts, written into their cells. */
export const textRows = (rows: readonly (readonly string[])[]): string =>
  rows
    .map(
      (cells) => `<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`,
    )
    .join('')
