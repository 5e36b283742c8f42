import type { BrowseRequest, Purpose } from './use-files.ts'

const ENDINGS: Readonly<Partial<Record<Purpose, string>>> = {
  'case-create': '.redthread',
  'report-html': '.html',
  'report-pdf': '.pdf',
  'plan-powershell': '.ps1',
  'plan-graph': '.json',
  'plan-json': '.json',
  'plan-csv': '.csv',
  'notification-drafts': '.zip',
}

/** How the file ends that is to be written; undefined when something is to be read. */
export const endingOf = ({ purpose, extension }: BrowseRequest): string | undefined =>
  purpose === 'export' ? `.${extension ?? 'json'}` : ENDINGS[purpose]

/** The key of the name that a new file is offered with. */
export function newNameOf(purpose: Purpose): string {
  if (purpose === 'case-create') return 'picker.newCase'
  if (purpose === 'notification-drafts') return 'picker.newDrafts'
  if (purpose === 'export') return 'picker.newExport'
  return purpose.startsWith('plan-') ? 'picker.newPlan' : 'picker.newReport'
}
