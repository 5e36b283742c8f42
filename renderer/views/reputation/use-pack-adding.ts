import { shallowRef } from 'vue'
import type { InputOf } from '../../../core/contract/types.ts'
import { toPlainError, type PlainError } from '../../../core/model/errors.ts'
import { getClient } from '../../client/client.ts'
import type { Picked } from '../../frame/use-files.ts'
import { useNoticeStore } from '../../stores/notices.ts'

/** A file that was not added, and why. */
export interface RefusedPack {
  readonly name: string
  readonly error: PlainError
}

const MANIFEST = 'manifest.json'

/**
 * Files that are added together. A manifest and its events are one feed; everything else is a pack by itself, and one that cannot be read keeps
 * no other out.
 */
export function toGroups(picked: readonly Picked[]): Picked[][] {
  const hasManifest = picked.some(({ name }) => name.toLowerCase() === MANIFEST)
  const feed = hasManifest ? picked.filter(({ name }) => /\.json$/iu.test(name)) : []
  return [
    ...(feed.length > 0 ? [feed] : []),
    ...picked.filter((one) => !feed.includes(one)).map((one) => [one]),
  ]
}

/** Adds the chosen packs one after the other; those that are refused are listed with their reason. */
export function usePackAdding() {
  const notices = useNoticeStore()
  const refused = shallowRef<readonly RefusedPack[]>([])

  async function add(picked: readonly Picked[], how: Omit<InputOf<'pack.add'>, 'grants'>): Promise<void> {
    refused.value = []
    let [count, entries, rejected] = [0, 0, 0]
    for (const group of toGroups(picked)) {
      try {
        const added = await getClient().run('pack.add', { ...how, grants: group.map(({ grant }) => grant) })
        count += added.length
        entries += added.reduce((sum, pack) => sum + pack.entries, 0)
        rejected += added.reduce((sum, pack) => sum + pack.rejected, 0)
      } catch (thrown) {
        const error = toPlainError(thrown)
        if (error.code === 'job.cancelled') {
          notices.error(error)
          break
        }
        const name = group.length === 1 ? group[0]?.name : undefined
        refused.value = [...refused.value, { name: name ?? MANIFEST, error }]
      }
    }
    if (rejected > 0) notices.warn('pack.addedRejected', { count, entries, rejected })
    else if (count > 0) notices.say('pack.added', { count, entries })
  }
  return { refused, add }
}
