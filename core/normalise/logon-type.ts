/** Names of Windows logon types as products write them, lower case and without anything between the letters (formats.md A3). */
const LOGON_TYPES: ReadonlyMap<string, number> = new Map([
  ['interactive', 2],
  ['network', 3],
  ['batch', 4],
  ['service', 5],
  ['unlock', 7],
  ['networkcleartext', 8],
  ['newcredentials', 9],
  ['remoteinteractive', 10],
  ['remotedesktop', 10],
  ['cachedinteractive', 11],
  ['cachedremoteinteractive', 12],
  ['cachedunlock', 13],
])

/** Number of a Windows logon type by its name (`Remote Interactive`, `remote_interactive`); undefined when it is none. */
export const logonTypeOf = (name: string): number | undefined =>
  LOGON_TYPES.get(name.toLowerCase().replace(/[^a-z]/g, ''))
