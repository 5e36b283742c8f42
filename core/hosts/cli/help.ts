import { languages } from '../../locale/languages.ts'
import type { Translator } from '../../locale/format.ts'
import type { Command } from './command.ts'
import { COMMON_OPTIONS } from './options.ts'
import type { Output } from './output.ts'
import { commands } from './registry.ts'

const PAGE_WORDS = new Set(['limit', 'cursor', 'all'])

/** `redthread --help` */
export function printHelp(output: Output, t: Translator): void {
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

/** `redthread COMMAND --help` */
export function printCommandHelp(command: Command, output: Output, t: Translator): void {
  output.line(t('cli.help.usage_of', { usage: `${command.id} ${command.usage}` }))
  output.line(t(`cli.${command.id}.summary`))
  output.line()
  output.line(t('cli.help.options'))
  const specs = { ...command.options, ...COMMON_OPTIONS }
  output.table(
    Object.entries(specs).map(([name, { value }]) => {
      // `limit` of `chains` is its own; the paging words are shared.
      const own = `option.${name}` in command.texts.en
      const key =
        !own && (PAGE_WORDS.has(name) || name in COMMON_OPTIONS)
          ? `cli.option.${name}`
          : `cli.${command.id}.option.${name}`
      return [
        `  --${name}${value === undefined ? '' : ` ${value}`}`,
        t(key, { languages: languages.join(', ') }),
      ]
    }),
  )
}
