/**
 * `npm run bench -- canvas [--rounds N]`: the graph screen of the built app in Chromium without a graphics card, on cases of 2,000 and
 * 20,000 entities: how fast a picture opens, and frames a second while it is dragged.
 */
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../../tools/checkout.mjs'
import { printTable } from './intake/results.ts'
import { benchGraph } from './ui/graph-canvas.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
await ensureBuilt((line: string) => process.stderr.write(`${line}\n`))
const results = await benchGraph(Math.max(1, Number(values.rounds)))
printTable([...results])
if (results.some((result) => !result.isMet)) process.exitCode = 1
