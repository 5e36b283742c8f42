import type { PackRow } from '../../contract/nouns/reputation.ts'
import { RISK_LEVELS, type RiskLevel } from '../../model/verdict.ts'
import type { ExitCode, Invocation } from './command.ts'
import { runJob } from './job.ts'
import { usageError } from './options.ts'
import { printPages } from './pages.ts'

/** What `patterns CASE ACTION` can do: how many arguments follow, and the doing. */
export interface PatternAction {
  readonly min: number
  readonly max: number
  run(invocation: Invocation, rest: readonly string[]): Promise<ExitCode>
}

const cite = (pack: Pick<PackRow, 'name' | 'version'>): string => `${pack.name}@${pack.version}`

const cells = (pack: PackRow): readonly string[] => [
  `#${pack.number}`,
  cite(pack),
  pack.createdAt,
  pack.format,
  `${pack.entries}`,
  pack.isOn ? (pack.precedence === null ? `(${pack.replacedBy ?? ''})` : `${pack.precedence}`) : 'off',
  pack.sha256,
]

function printPacks({ output }: Invocation, packs: readonly PackRow[]): void {
  if (output.json) output.document({ packs })
  else output.table(packs.map(cells))
}

/** A pack by its number in the list, or as `name@version`. */
function findPack(packs: readonly PackRow[], text: string): PackRow {
  const number = /^#?(\d{1,9})$/.exec(text)?.[1]
  const found = packs.find((pack) =>
    number === undefined ? cite(pack) === text : pack.number === Number(number),
  )
  // The example stands beside the text: message compilers take the sign for a link.
  if (found === undefined)
    throw usageError('patterns', 'patterns.pack', { value: text, example: 'NAME@VERSION' })
  return found
}

/** `word=level`, several times. */
function readLevels({ options }: Invocation): Record<string, RiskLevel> {
  const levels: Record<string, RiskLevel> = Object.create(null) as Record<string, RiskLevel>
  for (const text of options.list('levels')) {
    const [, word = '', name] = /^(.*)=([a-z-]+)$/.exec(text) ?? []
    const level = RISK_LEVELS.find((known) => known === name)
    if (level === undefined) throw usageError('patterns', 'patterns.levels', { value: text })
    levels[word] = level
  }
  return { ...levels }
}

const list: PatternAction = {
  min: 0,
  max: 0,
  async run(invocation) {
    const { client } = await invocation.openCase()
    printPacks(invocation, await client.call('pack.list', {}))
    return 0
  },
}

const add: PatternAction = {
  min: 1,
  max: 5000,
  async run(invocation, files) {
    const { options, path, openCase } = invocation
    const level = options.oneOf('level', RISK_LEVELS) ?? null
    const levels = readLevels(invocation)
    const { client } = await openCase()
    const packs = await runJob(invocation, client, 'pack.add', {
      grants: files.map(path),
      name: options.text('name') ?? null,
      version: options.text('version') ?? null,
      createdAt: options.text('created-at') ?? null,
      level,
      levels,
      all: options.flag('unmarked'),
    })
    printPacks(invocation, packs)
    return packs.some((pack) => pack.rejected > 0) ? 3 : 0
  },
}

const formats: PatternAction = {
  min: 0,
  max: 0,
  async run(invocation) {
    const { client } = await invocation.openCase()
    await invocation.loadTexts()
    const rows = (await client.call('pack.formats', {})).map(({ id, title, description, levels }) => ({
      id,
      title: invocation.t(title.key, title.params),
      description: invocation.t(description.key, description.params),
      levels,
    }))
    if (invocation.output.json) invocation.output.document({ formats: rows })
    else
      invocation.output.table(
        rows.map(({ id, title, levels }) => [
          id,
          title,
          Object.entries(levels)
            .map(([word, level]) => `${word}=${level}`)
            .join(' '),
        ]),
      )
    return 0
  },
}

const entries: PatternAction = {
  min: 1,
  max: 2,
  async run(invocation, [name = '', text = '']) {
    const { options, openCase } = invocation
    const level = options.oneOf('level', RISK_LEVELS) ?? null
    const { client } = await openCase()
    const pack = findPack(await client.call('pack.list', {}), name)
    await printPages(
      invocation,
      'entries',
      (page) => client.call('pack.entries', { ...page, id: pack.id, text, level }),
      (row) => row,
      (row) => [row.pattern, row.scope, row.level, row.category ?? '', row.expiresAt ?? '', row.note ?? ''],
      { pack: cite(pack) },
    )
    return 0
  },
}

const compare: PatternAction = {
  min: 2,
  max: 2,
  async run(invocation, [from = '', to = '']) {
    const { options, output, t, openCase } = invocation
    const kind = options.oneOf('kind', ['added', 'removed', 'changed']) ?? null
    const storedOnly = options.flag('stored')
    const { client } = await openCase()
    const packs = await client.call('pack.list', {})
    const ids = { from: findPack(packs, from).id, to: findPack(packs, to).id }
    const { counts, ...names } = await client.call('pack.compare', { ...ids, limit: 1 })
    if (!output.json && !options.flag('all')) output.note(t('cli.patterns.counts', { ...counts }))
    await printPages(
      invocation,
      'differences',
      (page) => client.call('pack.compare', { ...page, ...ids, kind, storedOnly }),
      (row) => row,
      (row) => [
        row.kind,
        row.pattern,
        row.scope,
        row.from?.level ?? '-',
        row.to?.level ?? '-',
        `${row.urls}`,
      ],
      { from: names.from, to: names.to, counts },
    )
    return 0
  },
}

const turn = (on: boolean): PatternAction => ({
  min: 1,
  max: 1,
  async run(invocation, [name = '']) {
    const { client } = await invocation.openCase()
    const pack = findPack(await client.call('pack.list', {}), name)
    await client.call('pack.switch', { id: pack.id, on })
    printPacks(invocation, await client.call('pack.list', {}))
    return 0
  },
})

const analyse: PatternAction = {
  min: 0,
  max: 0,
  async run(invocation) {
    const { output, t } = invocation
    const { client } = await invocation.openCase()
    const result = await runJob(invocation, client, 'url.analyse', {})
    if (output.json) output.document(result)
    else output.note(t('cli.patterns.analysed', result))
    return 0
  },
}

export const PATTERN_ACTIONS: ReadonlyMap<string, PatternAction> = new Map([
  ['add', add],
  ['list', list],
  ['formats', formats],
  ['entries', entries],
  ['compare', compare],
  ['off', turn(false)],
  ['on', turn(true)],
  ['analyse', analyse],
])
