import { getClient } from '../../client/client.ts'
import type { IdentityDecision as Decision } from '../../../core/contract/nouns/identity.ts'
import type { InputOf } from '../../../core/contract/types.ts'
import { useNoticeStore } from '../../stores/notices.ts'

/** What an analyst can say of who is who; each answers true when it was taken down. */
export function useIdentity() {
  const notices = useNoticeStore()
  const done = <T>(answer: T | undefined, key: string): boolean => {
    if (answer === undefined) return false
    notices.say(key)
    return true
  }
  const merge = async (ids: readonly string[], reason: string): Promise<boolean> =>
    done(
      await notices.guard(() => getClient().call('identity.merge', { ids: [...ids], reason })),
      'directory.merged',
    )
  const keepApart = async (ids: readonly string[], reason: string): Promise<boolean> =>
    done(
      await notices.guard(() => getClient().call('identity.apart', { ids: [...ids], reason })),
      'directory.keptApart',
    )
  const split = async (
    id: string,
    aliases: InputOf<'identity.split'>['aliases'],
    reason: string,
  ): Promise<boolean> =>
    done(
      await notices.guard(() => getClient().call('identity.split', { id, aliases, reason })),
      'directory.wasSplit',
    )
  /** @param kind of the decision: keeping apart changes nothing that correlation finds */
  const undo = async (decision: string, kind: Decision['kind']): Promise<boolean> =>
    done(
      await notices.guard(() => getClient().call('identity.undo', { decision })),
      kind === 'apart' ? 'directory.openAgain' : 'directory.wasUndone',
    )
  return { merge, keepApart, split, undo }
}
