import { languages } from '../../locale/languages.ts'
import type { Translator } from '../../locale/format.ts'
import type { Command } from './command.ts'
import { COMMON_OPTIONS } from './options.ts'
import type { Output } from './output.ts'
import { commands } from './registry.ts'

const PAGE_WORDS = new Set(['limit', 'cursor', 'all'])

/** One command as the document of `--help --json` shows it. */
const helpRow = (command: Command, t: Translator) => ({
  name: command.id,
  usage: `redthread ${command.id} ${command.usage}`.trimEnd(),
  summary: t(`cli.${command.id}.summary`),
})

/** `redthread --help`, and `--json --help` */
export function printHelp(output: Output, t: Translator): void {
  if (output.json) {
    output.document({ commands: commands.map((command) => helpRow(command, t)) })
    return
  }
  output.line(t('cli.help.title'))
  output.line()
  output.line(t('cli.help.usage'))
  output.line()
  output.line(t('cli.help.commands'))
  output.table(
    commands.map((command) => [`  ${command.id} ${command.usage}`, t(`cli.${command.id}.summary`)]),
  )
  output.line()
  output.line(t('cli.help.options'))
  output.table([
    ['  --json', t('cli.option.json')],
    ['  --lang LANG', t('cli.option.lang', { languages: languages.join(', ') })],
    ['  --help', t('cli.option.help')],
    ['  --version', t('cli.option.version')],
  ])
  output.line()
  output.line(t('cli.help.exit'))
  output.line(t('cli.help.more'))
}

/** `redthread COMMAND --help`, with `--json` the same document with this command alone and its options */
export function printCommandHelp(command: Command, output: Output, t: Translator): void {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([name, { value }]) => {
    // `limit` of `chains` is its own; the paging words are shared.
    const own = `option.${name}` in command.texts.en
    const key =
      !own && (PAGE_WORDS.has(name) || name in COMMON_OPTIONS)
        ? `cli.option.${name}`
        : `cli.${command.id}.option.${name}`
    return { name, value: value ?? null, summary: t(key, { languages: languages.join(', ') }) }
  })
  if (output.json) {
    output.document({ commands: [{ ...helpRow(command, t), options }] })
    return
  }
  output.line(t('cli.help.usage_of', { usage: `${command.id} ${command.usage}` }))
  output.line(t(`cli.${command.id}.summary`))
  output.line()
  output.line(t('cli.help.options'))
  output.table(
    options.map(({ name, value, summary }) => [`  --${name}${value === null ? '' : ` ${value}`}`, summary]),
  )
}
