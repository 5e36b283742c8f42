import type { Translator } from '../../locale/format.ts'

/** Codes of judging in the reader's language, as the screens say them; JSON keeps the codes. */
export interface VerdictWords {
  level(level: string): string
  /** Null: nothing is done. A word of a log that is no action of ours stays as it stands there. */
  action(action: string | null): string
  outcome(outcome: string): string
}

const KNOWN_ACTION =
  /^(?:block|delete|label|move-to-junk|move-to-spam|pass|pass-silently|quarantine|tag-file-name|tag-subject)$/

/** @param t knows the locale files, which hold `risk.*`, `action.*` and `click.outcome.*` */
export const verdictWords = (t: Translator): VerdictWords => ({
  level: (level) => t(`risk.${level}`),
  action: (action) => (action === null ? '-' : KNOWN_ACTION.test(action) ? t(`action.${action}`) : action),
  outcome: (outcome) => t(`click.outcome.${outcome}`),
})
