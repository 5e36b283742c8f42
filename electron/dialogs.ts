import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { type BrowserWindow, dialog, type OpenDialogOptions, type SaveDialogOptions } from 'electron'
import type { ParsedInputOf, ResultOf } from '../core/contract/types.ts'
import type { EngineLink } from '../core/hosts/thread/link.ts'
import { dialogWords, type DialogWord } from './dialog-words.ts'

type Purpose = ParsedInputOf<'file.pick'>['purpose']

interface OpenSpec {
  readonly kind: 'open'
  readonly title: DialogWord
  readonly properties: NonNullable<OpenDialogOptions['properties']>
  readonly extensions?: readonly string[]
  /** A case is opened for writing; evidence never is. */
  readonly access: 'read' | 'write'
}
interface SaveSpec {
  readonly kind: 'save'
  readonly title: DialogWord
  readonly extension: string
  readonly name: string
}

const SPECS: Readonly<Record<Purpose, OpenSpec | SaveSpec>> = {
  evidence: { kind: 'open', title: 'evidence', properties: ['openFile', 'multiSelections'], access: 'read' },
  'evidence-folder': {
    kind: 'open',
    title: 'evidenceFolder',
    properties: ['openDirectory', 'multiSelections'],
    access: 'read',
  },
  'case-open': {
    kind: 'open',
    title: 'caseOpen',
    properties: ['openFile'],
    extensions: ['redthread'],
    access: 'write',
  },
  'case-create': { kind: 'save', title: 'caseCreate', extension: 'redthread', name: 'case.redthread' },
  pack: { kind: 'open', title: 'pack', properties: ['openFile', 'multiSelections'], access: 'read' },
  'pack-folder': { kind: 'open', title: 'packFolder', properties: ['openDirectory'], access: 'read' },
  indicators: {
    kind: 'open',
    title: 'indicators',
    properties: ['openFile', 'multiSelections'],
    access: 'read',
  },
  policy: { kind: 'open', title: 'policy', properties: ['openFile'], extensions: ['json'], access: 'read' },
  key: { kind: 'open', title: 'key', properties: ['openFile'], access: 'read' },
  'report-html': { kind: 'save', title: 'report', extension: 'html', name: 'report.html' },
  'report-pdf': { kind: 'save', title: 'report', extension: 'pdf', name: 'report.pdf' },
  'plan-powershell': { kind: 'save', title: 'plan', extension: 'ps1', name: 'plan.ps1' },
  'plan-graph': { kind: 'save', title: 'plan', extension: 'json', name: 'plan.json' },
  'plan-json': { kind: 'save', title: 'plan', extension: 'json', name: 'plan.json' },
  'plan-csv': { kind: 'save', title: 'plan', extension: 'csv', name: 'plan.csv' },
  export: { kind: 'save', title: 'handover', extension: 'json', name: 'case' },
  'notification-drafts': { kind: 'save', title: 'drafts', extension: 'zip', name: 'drafts.zip' },
}

/** Shows the native dialog and turns what the human chose into grants; the page never sees or names a path. */
export async function pickFiles(
  window: BrowserWindow,
  { purpose, extension }: ParsedInputOf<'file.pick'>,
  engine: EngineLink,
  language: string,
): Promise<ResultOf<'file.pick'>> {
  const spec = SPECS[purpose]
  const words = dialogWords(language)
  if (spec.kind === 'open') {
    const filters = spec.extensions ? [{ name: words[spec.title], extensions: [...spec.extensions] }] : []
    const options: OpenDialogOptions = { title: words[spec.title], properties: spec.properties, filters }
    const { canceled, filePaths } = await dialog.showOpenDialog(window, options)
    return canceled ? [] : await Promise.all(filePaths.map((path) => grant(path, spec.access, engine)))
  }
  const ending = purpose === 'export' ? (extension ?? spec.extension) : spec.extension
  const options: SaveDialogOptions = {
    title: words[spec.title],
    defaultPath: purpose === 'export' ? `${spec.name}.${ending}` : spec.name,
    filters: [{ name: words[spec.title], extensions: [ending] }],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  }
  const { canceled, filePath } = await dialog.showSaveDialog(window, options)
  if (canceled || !filePath) return []
  return [await grant(extname(filePath) === '' ? `${filePath}.${ending}` : filePath, 'write', engine)]
}

async function grant(
  path: string,
  access: 'read' | 'write',
  engine: EngineLink,
): Promise<ResultOf<'file.pick'>[number]> {
  // A file that is still to be written does not exist yet.
  const found = await stat(path).catch(() => null)
  return {
    grant: await engine.grant(path, access),
    name: basename(path),
    bytes: found?.isFile() ? found.size : 0,
    isFolder: found?.isDirectory() ?? false,
  }
}
