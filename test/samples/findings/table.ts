import type { SampleCase } from './expectation.ts'
import type { Finds } from './find.ts'

export interface Row {
  readonly sample: SampleCase
  readonly finds: Finds
}

const HEAD = `# What is found in real samples

Third-party evidence that does not belong to the product (\`npm run samples\`), each sample in a case of its own: imported, correlated, and
held against what its name, its folder or the description of its scenario says happened, in our words. *Found* and *missed* are decided by
the test that writes this page (\`test/samples/findings.test.ts\`, \`-u\` writes it anew); nothing here is written by hand.

**Which samples.** Nobody picked them for what is found: they are all event logs of two folders of the evidence this project was given (29 of
EVTX-ATTACK-SAMPLES and 10 of EVTX-to-MITRE-Attack, one technique each) and all seven data sets of its third (OTRF Security-Datasets). The
test stops when a log of the two folders is not in the list. Six more event logs of that evidence have names that promise no attack; they are only
imported. How the evidence itself was picked out of those collections we do not know. Rules were written and improved with these samples in view, so
the figure says what the product knows of them, not how it does on evidence it has never seen: for that run the seeded scenarios over seeds that
nobody has used yet (\`npm run bench -- scenarios COUNT FIRST\`).`

const list = (items: readonly string[]): string => (items.length === 0 ? '–' : items.join('; '))

/** How far a story reaches. */
const storyOf = ({ endpoints, users }: Row['finds']['stories'][number]): string =>
  [
    endpoints === 1 ? 'endpoint' : endpoints > 1 ? `${endpoints} endpoints` : '',
    users === 1 ? 'user' : users > 1 ? `${users} users` : '',
  ]
    .filter((part) => part !== '')
    .join(', ') || 'neither endpoint nor user'

function row({ sample, finds }: Row): string {
  const found = sample.expects.filter((one) => one.isFound(finds)).map(({ what }) => what)
  const missed = sample.expects.filter((one) => !one.isFound(finds)).map(({ what }) => what)
  const [story] = finds.stories
  const cells = [
    sample.name.replaceAll('_', '\\_'),
    list(sample.attack),
    String(finds.records),
    `${finds.relations.length} / ${finds.detections.length}`,
    story === undefined
      ? '–'
      : `${storyOf(story)} (${finds.stories.length === 5 ? '5 or more' : finds.stories.length})`,
    list(found),
    missed.length === 0 ? '–' : `**${list(missed)}**`,
  ]
  return `| ${cells.join(' | ')} |`
}

const isWhole = ({ sample, finds }: Row): boolean => sample.expects.every((one) => one.isFound(finds))
const note = ({ sample }: Row): string => `- ${sample.name.replaceAll('_', '\\_')}: ${sample.note}`

/** The page for docs/samples.md. */
export function writePage(
  groups: readonly { readonly title: string; readonly rows: readonly Row[] }[],
): string {
  const rows = groups.flatMap((group) => group.rows)
  const expected = rows.flatMap(({ sample, finds }) => sample.expects.map((one) => one.isFound(finds)))
  const found = expected.filter(Boolean).length
  const whole = rows.filter(isWhole).length
  const noted = rows.filter(({ sample }) => sample.note !== undefined)
  const [remarks, missed] = [noted.filter(isWhole), noted.filter((one) => !isWhole(one))]
  return [
    HEAD,
    '',
    `**${found} of ${expected.length}** things that ${rows.length} samples are said to hold are found; in ${whole} samples all of them.`,
    ...groups.flatMap((group) => [
      '',
      `## ${group.title}`,
      '',
      '| sample | ATT&CK | records | relations / detections | best story (stories) | found | missed |',
      '| --- | --- | ---: | ---: | --- | --- | --- |',
      ...group.rows.map(row),
    ]),
    '',
    '## Why some are missed',
    '',
    ...missed.map(note),
    '',
    '## Remarks on others',
    '',
    ...remarks.map(note),
    '',
  ].join('\n')
}
