import { ref, watch, type Ref } from 'vue'

/**
 * A preference of whoever works at this machine, kept beside theme and language: nothing of a case.
 * @param read what was kept, made safe: it may come from another version or have been tampered with
 */
export function remembered<T>(key: string, read: (kept: unknown) => T): Ref<T> {
  const value = ref(read(load(key))) as Ref<T>
  watch(value, (now) => localStorage.setItem(`redthread.${key}`, JSON.stringify(now)), { deep: true })
  return value
}
function load(key: string): unknown {
  const text = localStorage.getItem(`redthread.${key}`)
  if (text === null) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Not ours: as if nothing had been kept.
    return undefined
  }
}
