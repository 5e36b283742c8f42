import { WorkbenchError } from '../model/errors.ts'

const MIB = 2 ** 20

/** Why a reader cannot read a pack. It does not know the file's name: {@link ofFile} adds it. */
export class PackDefect extends Error {
  readonly code: 'pack.field' | 'pack.not_json' | 'pack.too_large'
  readonly params: Readonly<Record<string, string | number>>
  constructor(
    code: PackDefect['code'],
    params: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(code, options)
    this.code = code
    this.params = params
  }
}

/** A pack, or what is unpacked of it, is larger than is taken. @param limit bytes */
export const packTooLarge = (limit: number): PackDefect =>
  new PackDefect('pack.too_large', { limit: limit / MIB })

/** What was thrown while the pack of this file was read, as an error that names the file. */
export const ofFile = (thrown: unknown, file: string): unknown =>
  thrown instanceof PackDefect
    ? new WorkbenchError(thrown.code, { ...thrown.params, file }, { cause: thrown })
    : thrown
