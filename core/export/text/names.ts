/** `remote-logon` -> `RemoteLogon`: names of labels in graph databases. */
export const pascal = (kind: string): string =>
  kind
    .split(/[^a-z0-9]+/i)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/** `remote-logon` -> `REMOTE_LOGON`: types of relations in Cypher. */
export const screaming = (kind: string): string => kind.replace(/[^a-z0-9]+/gi, '_').toUpperCase()

/** `commandLine` -> `command_line`: names of properties where capitals are not wanted. */
export const snake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()
