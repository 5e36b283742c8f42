import { type Pick, text } from './picks.ts'

/** Answers as Sysmon and the DNS client join them: `type:  5 cname;::ffff:1.2.3.4;` becomes `cname; 1.2.3.4`. */
export const answers: Pick<string> = (event) => {
  const parts = (text('QueryResults')(event) ?? '')
    .split(';')
    .map((part) =>
      part
        .replace(/^\s*type:\s*\d+\s*/i, '')
        .replace(/^::ffff:(?=\d+\.)/i, '')
        .trim(),
    )
    .filter((part) => part !== '')
  return parts.length === 0 ? undefined : parts.join('; ')
}
