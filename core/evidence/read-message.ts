import { WorkbenchError } from '../model/errors.ts'
import type { MessageItem } from '../model/message.ts'
import { choosePart } from './choose-importer.ts'
import { findFile } from './evidence-file.ts'
import { openParts } from './parts.ts'

/**
 * Reads a file that holds one mail message with the importer that knows it, without a case.
 * @param zone IANA zone for dates without one
 * @throws WorkbenchError `evidence.*` when the file cannot be read or nobody knows it; `judge.invalid_message` when it holds no
 *   message (`field: none`) or more than one (`several`)
 */
export async function readMessageFile(path: string, zone: string): Promise<MessageItem> {
  const file = findFile(path)
  const found: MessageItem[] = []
  const { items, isArchive } = await openParts(file, { passwords: [] })
  for await (const part of items) {
    if (part.kind !== 'part') continue
    const chosen = await choosePart(part, isArchive, null)
    if (!('importer' in chosen)) continue
    for await (const units of chosen.importer.parse(part, { zone, dateOrder: null, mapping: null })) {
      for (const unit of units) {
        if (unit.kind !== 'record') continue
        for (const item of unit.items) if (item.type === 'message') found.push(item)
      }
      // A mailbox of thousands is no message: the second one is enough to know.
      if (found.length > 1) break
    }
  }
  const [message] = found
  if (message === undefined || found.length > 1)
    throw new WorkbenchError('judge.invalid_message', {
      name: file.name,
      field: message === undefined ? 'none' : 'several',
    })
  return message
}
