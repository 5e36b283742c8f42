import { toHost } from '../../normalise/host.ts'
import { isObject, member, parseObject, scalarText } from '../json/parse-object.ts'

/** What the collector wrote of the machine it ran on, beside its results. */
export const CLIENT_INFO = 'client_info.json'

/**
 * The machine a collection is of. Results of most artifacts do not name it: within one collection it goes without saying.
 * @param bytes `client_info.json`: `{"os_info": {"hostname", "fqdn"}}`, in older versions `{"Hostname", "Fqdn"}`
 */
export function clientHost(bytes: Uint8Array): string | undefined {
  const parsed = parseObject(Buffer.from(bytes).toString('utf8'))
  if (!parsed.ok) return undefined
  const system = member(parsed.value, 'os_info')
  for (const place of [isObject(system) ? system : {}, parsed.value])
    for (const name of ['fqdn', 'Fqdn', 'hostname', 'Hostname']) {
      const host = toHost(scalarText(member(place, name)))
      if (host !== undefined) return host
    }
  return undefined
}
