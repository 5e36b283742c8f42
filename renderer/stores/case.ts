import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { CaseInfo } from '../../core/contract/nouns/case.ts'
import type { ReplyOf } from '../../core/contract/types.ts'
import { toPlainError } from '../../core/model/errors.ts'
import { getClient, onChanged } from '../client/client.ts'
import { useSettingsStore } from './settings.ts'

type HostInfo = ReplyOf<'host.info'>

/** The open case and the host that runs us. */
export const useCaseStore = defineStore('case', () => {
  const info = shallowRef<CaseInfo | null>(null)
  const host = shallowRef<HostInfo | null>(null)
  const isReady = shallowRef(false)
  const settings = useSettingsStore()
  /** That of the case: of its report, and of times whose source says none. */
  const caseZone = computed(() => info.value?.zone ?? 'UTC')
  /** In which the screens print times: what the user chose, else that of the case. */
  const zone = computed(() => settings.zone ?? caseZone.value)
  const isOpen = computed(() => info.value !== null)
  const isReadOnly = computed(() => info.value?.readOnly === true)
  /** Its file was moved or deleted under us: what is written goes nowhere that anybody finds. */
  const isGone = computed(() => info.value?.isGone === true)
  /** Evidence changed since relations were last computed. */
  const isStale = computed(() => info.value?.correlationStale === true)
  /** Nothing was imported yet, and nobody was added by hand. */
  const isBare = computed(() => {
    const counts = info.value?.counts
    return counts !== undefined && counts.evidence + counts.entities === 0
  })
  /** There is evidence, and correlation never ran over any of it. */
  const isUncorrelated = computed(() => {
    const counts = info.value?.counts
    return counts !== undefined && counts.entities === 0 && counts.messages + counts.events > 0
  })

  async function refresh(): Promise<void> {
    info.value = await getClient().call('case.info', {})
  }
  function look(): void {
    refresh().catch((thrown: unknown) => console.warn('case', toPlainError(thrown).code))
  }
  async function start(): Promise<void> {
    host.value = await getClient().call('host.info', {})
    await refresh()
    isReady.value = true
    onChanged(['case', 'evidence', 'relation', 'audit'], look)
    // Somebody who comes back may have tidied up files meanwhile.
    window.addEventListener('focus', () => isOpen.value && look())
    getClient().onEvent((event) => {
      if (event.type === 'case.closed') info.value = null
    })
  }
  async function open(grant: string): Promise<void> {
    info.value = await getClient().call('case.open', { grant })
  }
  async function create(grant: string, newZone: string): Promise<void> {
    info.value = await getClient().call('case.create', { grant, zone: newZone })
  }
  /** Saves the case as it stands under another name and goes on in that file. */
  async function continueInCopy(grant: string): Promise<void> {
    await getClient().call('case.copy', { grant })
    await open(grant)
  }
  async function close(): Promise<void> {
    await getClient().call('case.close', {})
    info.value = null
  }
  async function setZone(newZone: string): Promise<void> {
    info.value = await getClient().call('case.setZone', { zone: newZone })
  }
  return {
    info,
    host,
    isReady,
    zone,
    caseZone,
    isOpen,
    isReadOnly,
    isGone,
    isStale,
    isUncorrelated,
    isBare,
    start,
    refresh,
    open,
    create,
    continueInCopy,
    close,
    setZone,
  }
})
