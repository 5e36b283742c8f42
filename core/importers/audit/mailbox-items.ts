import type { EventFields } from '../../model/event.ts'
import { toMessageId } from '../../normalise/mail.ts'
import { isObject } from '../json/parse-object.ts'
import { inner, type NamedRow } from '../log/named-row.ts'

/** One message that an operation touched. */
export type TouchedItem = Pick<EventFields, 'messageId' | 'subject' | 'attachment' | 'target'>

/** Items of one entry that become events of their own: a sync entry of a crafted export could list millions. */
export const MAX_ITEMS = 1_000

/** `invoice.zip (20480b); a.pdf (12b)` without the sizes. */
const attachmentNames = (text: string | undefined): string | undefined =>
  text?.replace(/ \(\d+b\)/gi, '').slice(0, 2_000)

function toItem(entry: unknown, folder: string | undefined): TouchedItem {
  const item = inner(entry)
  const parent = inner(item.value('ParentFolder'))
  return {
    messageId: toMessageId(item.text('InternetMessageId')) ?? undefined,
    subject: item.text('Subject'),
    attachment: attachmentNames(item.text('Attachments')),
    target: parent.text('Path', 'Name') ?? folder,
  }
}

/** Messages of `Folders` (MailItemsAccessed), `AffectedItems` (deletions) or `Item` (one message). */
export function readItems(row: NamedRow): {
  readonly items: readonly TouchedItem[]
  readonly isCut: boolean
} {
  const found: TouchedItem[] = []
  let isCut = false
  const add = (entry: unknown, folder: string | undefined): void => {
    if (found.length >= MAX_ITEMS) isCut = true
    else found.push(toItem(entry, folder))
  }
  for (const folder of row.list('Folders')) {
    if (!isObject(folder)) continue
    const path = inner(folder).text('Path')
    const messages = inner(folder).list('FolderItems')
    if (messages.length === 0) add({}, path)
    for (const message of messages) if (isObject(message)) add(message, path)
  }
  const folder = inner(row.value('Folder')).text('Path', 'Name')
  for (const entry of row.list('AffectedItems')) if (isObject(entry)) add(entry, folder)
  if (found.length === 0) {
    const item = row.value('Item')
    if (isObject(item)) add(item, folder)
    else if (folder !== undefined) found.push({ target: folder })
  }
  return { items: found.length === 0 ? [{}] : found, isCut }
}
