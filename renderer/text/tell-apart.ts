import type { ReplyOf } from '../../core/contract/types.ts'
import type { EntityRef } from '../../core/contract/shapes.ts'

type Thing = ReplyOf<'entity.get'>
type Fact = (thing: Thing) => string | undefined

const attribute =
  (name: string): Fact =>
  ({ attributes }) =>
    attributes[name] === undefined ? undefined : String(attributes[name])
const alias =
  (kind: Thing['aliases'][number]['kind']): Fact =>
  ({ aliases }) =>
    aliases.find((one) => one.kind === kind)?.value

/** What an analyst tells namesakes apart by, the plainest first. */
const FACTS: readonly Fact[] = [
  attribute('domain'),
  alias('fqdn'),
  attribute('samAccountName'),
  // `CORP\\admin`: where the name is the same, what stands before it tells, and fits a narrow list.
  (thing) => alias('account')(thing)?.match(/^([^\\]+)\\/u)?.[1],
  alias('account'),
  attribute('mail'),
  alias('smtp'),
  attribute('path'),
  attribute('endpoint'),
  attribute('commandLine'),
  attribute('pid'),
]

const sameName = ({ kind, name }: Pick<EntityRef, 'kind' | 'name'>): string => `${kind} ${name.toLowerCase()}`

/** Those of which the list has another thing with the same name. */
export const namesakes = <Row extends EntityRef>(rows: readonly Row[]): Row[] =>
  [...Map.groupBy(rows, sameName).values()]
    .map((group) => [...new Map(group.map((row) => [row.id, row])).values()])
    .filter((group) => group.length > 1)
    .flat()

/**
 * For each thing that shares its name with another of the list what that one has not: one fact for the whole group, or since when each was
 * seen, or the number it has in the case.
 * @param since words for the time a thing is first seen at
 */
export function tellApart(
  things: readonly Thing[],
  since: (iso: string) => string,
): ReadonlyMap<string, string> {
  const told = new Map<string, string>()
  const facts = [
    ...FACTS,
    ({ firstSeenAt }: Thing) => (firstSeenAt === null ? undefined : since(firstSeenAt)),
    alias('sid'),
    ({ id }: Thing) => `#${id}`,
  ]
  for (const group of Map.groupBy(namesakes(things), sameName).values())
    for (const fact of facts) {
      const values = group.map((thing) => fact(thing) ?? '')
      if (values.includes('') || new Set(values).size < group.length) continue
      for (const [index, thing] of group.entries()) told.set(thing.id, values[index] ?? '')
      break
    }
  return told
}
