import { scalarText } from '../json/parse-object.ts'

/** Hayabusa's abbreviations of ATT&CK tactics. */
const TACTICS: ReadonlyMap<string, string> = new Map([
  ['recon', 'TA0043'],
  ['resdev', 'TA0042'],
  ['initaccess', 'TA0001'],
  ['exec', 'TA0002'],
  ['persis', 'TA0003'],
  ['privesc', 'TA0004'],
  ['evas', 'TA0005'],
  ['credaccess', 'TA0006'],
  ['disc', 'TA0007'],
  ['latmov', 'TA0008'],
  ['collect', 'TA0009'],
  ['exfil', 'TA0010'],
  ['c2', 'TA0011'],
  ['impact', 'TA0040'],
])

/** Ids of the tactics named in `Exec ¦ Persis` or `["Exec"]`, joined by a blank. */
export function toTactics(value: unknown): string | undefined {
  const names: readonly unknown[] = Array.isArray(value) ? value : (scalarText(value) ?? '').split('¦')
  const ids = names
    .slice(0, TACTICS.size)
    .flatMap((name) => TACTICS.get(scalarText(name)?.trim().toLowerCase() ?? '') ?? [])
  return ids.length === 0 ? undefined : [...new Set(ids)].join(' ')
}
