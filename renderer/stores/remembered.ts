import { ref, watch, type Ref } from 'vue'
import { readPreference, savePreference } from '../client/preferences.ts'

/**
 * A preference of the user of this machine, the same on every case: nothing of a case.
 * @param read what was kept, made safe: it may come from another version or have been tampered with
 */
export function remembered<T>(key: string, read: (kept: unknown) => T): Ref<T> {
  const value = ref(read(readPreference(key))) as Ref<T>
  watch(value, (now) => savePreference(key, now), { deep: true })
  return value
}
