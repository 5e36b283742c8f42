import type { EntityRef } from '../../contract/shapes.ts'
import type { ReportContext } from '../context.ts'

/**
 * Endpoints by the name that tells them apart: several domains have a DC01. The domain is that of the case's records; without any the
 * name stays as it is.
 */
export async function withFullNames(
  { ask }: ReportContext,
  endpoints: readonly EntityRef[],
): Promise<readonly EntityRef[]> {
  return await Promise.all(
    endpoints.map(async (ref) => {
      const { aliases } = await ask('entity.get', { id: ref.id })
      const start = `${ref.name.toLowerCase()}.`
      const full = aliases.find(({ kind, value }) => kind === 'fqdn' && value.toLowerCase().startsWith(start))
      return full === undefined ? ref : { ...ref, name: ref.name + full.value.slice(ref.name.length) }
    }),
  )
}
