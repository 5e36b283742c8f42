import { ensureBuilt } from '../../tools/checkout.mjs'

/** Global set-up of the suites that run the built product: a no-op when out/ is current. */
export default async function setup(): Promise<void> {
  await ensureBuilt((line: string) => process.stderr.write(`${line}\n`))
}
