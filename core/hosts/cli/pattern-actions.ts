import type { PackRow } from '../../contract/nouns/reputation.ts'
import { WorkbenchError } from '../../model/errors.ts'
import { RISK_LEVELS, type RiskLevel } from '../../model/verdict.ts'
import type { ExitCode, Invocation } from './command.ts'
import { runJob } from './job.ts'
import { usageError } from './options.ts'
import { addGroup, exitOf, type PackOutcome, toGroups } from './pack-adding.ts'
import { printPages } from './pages.ts'
import { errorWords } from './words.ts'

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
    const { options, output, t, path, openCase } = invocation
    const stated = {
      name: options.text('name') ?? null,
      version: options.text('version') ?? null,
      createdAt: options.time('created-at') ?? null,
      level: options.oneOf('level', RISK_LEVELS) ?? null,
      levels: readLevels(invocation),
      all: options.flag('unmarked'),
    }
    const groups = toGroups(files.map(path))
    if (stated.version !== null && groups.length > 1) throw usageError('patterns', 'patterns.oneVersion')
    const { client } = await openCase()
    const outcomes: PackOutcome[] = []
    for (const group of groups) {
      const one = await addGroup(group, (grants) =>
        runJob(invocation, client, 'pack.add', { ...stated, grants: [...grants] }),
      )
      // A lone file that is refused is the error of the command.
      if (one.kind === 'refused' && groups.length === 1)
        throw new WorkbenchError(one.error.code, one.error.params)
      outcomes.push(one)
      if (!output.json) printOutcome(invocation, one)
    }
    if (output.json)
      output.document({
        packs: outcomes.flatMap((one) => (one.kind === 'added' ? one.packs : [])),
        present: outcomes.flatMap((one) =>
          one.kind === 'present' ? [{ file: one.file, pack: one.pack }] : [],
        ),
        refused: outcomes.flatMap((one) =>
          one.kind === 'refused' ? [{ file: one.file, ...one.error, message: errorWords(one.error, t) }] : [],
        ),
      })
    return exitOf(outcomes)
  },
}

/** What became of one file: a row of the list for what was added, a sentence for what was not. */
function printOutcome({ output, t }: Invocation, one: PackOutcome): void {
  if (one.kind === 'added') output.table(one.packs.map(cells))
  else if (one.kind === 'present') output.line(t('cli.patterns.present', { file: one.file, pack: one.pack }))
  else output.line(t('cli.patterns.refused', { file: one.file, reason: errorWords(one.error, t) }))
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
