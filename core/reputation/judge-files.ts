import type { Action, Policy } from './policy-document.ts'
import { severestAction } from './policy-actions.ts'

/** What happens to one file of a file service or of Salesforce (W61-W65). */
export interface FileJudgement {
  readonly name: string
  readonly action: Action | null
  /** What follows when its quarantine fails (W62, W63). */
  readonly secondary: Action | null
  /** Is somebody told of it? With actions of its own for files (W61) that is a choice of its own. */
  readonly notify: boolean
  /** With `tag-file-name`: the tag (W64). */
  readonly tag: string | null
  /** With `quarantine` and `delete`: what takes the place of the content (W65). */
  readonly replacementText: string | null
}

/** Services whose scan acts on files. */
const FILE_SERVICES: ReadonlySet<string> = new Set([
  'sharepoint',
  'onedrive',
  'teams',
  'box',
  'dropbox',
  'google-drive',
  'salesforce',
])
export const actsOnFiles = (policy: Policy): boolean => FILE_SERVICES.has(policy.service)

interface FileUrl {
  readonly attachment: string | null
  readonly action: Action | null
}

/** One line per file: the severest action of the URLs in it, with what belongs to that action. */
export function judgeFiles(
  policy: Policy,
  attachments: readonly string[],
  urls: readonly FileUrl[],
): FileJudgement[] {
  if (!actsOnFiles(policy)) return []
  const inFiles = urls.flatMap(({ attachment }) => (attachment === null ? [] : [attachment]))
  return [...new Set([...attachments, ...inFiles])].map((name) => {
    const action = severestAction(urls.filter((url) => url.attachment === name).map((url) => url.action))
    return { name, action, ...consequences(policy, action) }
  })
}

function consequences(policy: Policy, action: Action | null): Omit<FileJudgement, 'name' | 'action'> {
  const { fileAction, tag, replacementText } = policy.actions
  const { administrators, users } = policy.notifications
  const isReplaced = action === 'quarantine' || action === 'delete'
  return {
    secondary: action === 'quarantine' ? fileAction.secondary : null,
    notify:
      action !== null && (fileAction.enabled ? fileAction.notify : administrators.enabled || users.enabled),
    tag: action === 'tag-file-name' ? tag : null,
    replacementText: isReplaced ? replacementText : null,
  }
}
