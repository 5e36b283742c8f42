import { ref } from 'vue'
import type { PickedFile } from '../../core/contract/nouns/case.ts'
import type { InputOf } from '../../core/contract/types.ts'
import type { z } from 'zod'
import { getClient } from '../client/client.ts'
import { useCaseStore } from '../stores/case.ts'

export type Picked = z.infer<typeof PickedFile>
export type Purpose = InputOf<'file.pick'>['purpose']

/** A question to the in-app picker, waiting for its answer. */
export interface BrowseRequest {
  readonly purpose: Purpose
  /** Ending of the file to write, for the purpose `export`. */
  readonly extension?: string | undefined
  answer(picked: readonly Picked[]): void
}

/** The one open question; the picker dialog shows it. */
export const browseRequest = ref<BrowseRequest | null>(null)

/**
 * Lets a human choose files the way this host can: native dialogs on the desktop, the in-app picker in browser mode.
 * Nothing chosen is an empty list.
 */
export async function pickFiles(purpose: Purpose, extension?: string): Promise<readonly Picked[]> {
  if (useCaseStore().host?.files === 'native')
    return getClient().call('file.pick', { purpose, extension: extension ?? null })
  return new Promise((resolve) => {
    browseRequest.value = {
      purpose,
      extension,
      answer(picked) {
        browseRequest.value = null
        resolve(picked)
      },
    }
  })
}
