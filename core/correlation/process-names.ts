/**
 * Sysmon builds a GUID from machine, start second and token. The last part differs between records of one process when
 * Sysmon saw it with another token; machine and second together with the PID still name it.
 */
export const isSameStart = (a: string, b: string) => a === b || startOf(a) === startOf(b)
/** Only ids that hold the start are cut to it: the ids of other products share their beginning on one machine. */
const startOf = (name: string) => (isGuid(name) || /^\d{10}-\d{7}-/.test(name) ? name.slice(0, 18) : name)

/** Sysmon names processes by GUID, other sensors by time and PID: names of two makes say nothing of each other. */
export const isGuid = (name: string) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(name)
export const isOtherMake = (a: string, b: string) => isGuid(a) !== isGuid(b)

/** File name of a program in lower case: logs write one path with a drive, a device or a variable. */
export const programName = (path: string): string => (path.split(/[\\/]/).at(-1) ?? path).toLowerCase()

/** Whether one of these names may be another log's word for what is called so: none of them says that it is not. */
export function mayBeCalled(names: readonly string[], guid: string): boolean {
  const own = names.filter((name) => !isOtherMake(name, guid))
  return own.length === 0 || own.some((name) => isSameStart(name, guid))
}
