import { z } from 'zod'
import { methods, type MethodName } from '../../core/contract/methods.ts'

interface Shape {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly items?: Shape
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly minimum?: number
  readonly minItems?: number
}

/** An id that no case has. */
const NOBODY = '999999999'

function sample(shape: Shape): unknown {
  const [first] = shape.enum ?? []
  if (first !== undefined) return first
  const choice = shape.anyOf?.find((one) => one.type === 'null') ?? shape.anyOf?.[0]
  if (choice) return sample(choice)
  switch (shape.type) {
    case 'object':
      return Object.fromEntries(
        (shape.required ?? []).map((name) => [name, sample(shape.properties?.[name] ?? {})]),
      )
    case 'array':
      return Array.from({ length: shape.minItems ?? 0 }, () => sample(shape.items ?? {}))
    case 'integer':
    case 'number':
      return Math.max(shape.minimum ?? 0, 1)
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      return NOBODY
  }
}

/** The smallest input a method takes, made from its own schema: a new method needs no entry in any test. */
export const sampleInput = (method: MethodName): unknown =>
  sample(z.toJSONSchema(methods[method].input, { io: 'input', unrepresentable: 'any' }) as Shape)

/** The emptiest answer a method can give: no rows, nulls, the smallest numbers. */
export const sampleReply = (method: MethodName): unknown =>
  sample(z.toJSONSchema(methods[method].output, { io: 'output', unrepresentable: 'any' }) as Shape)
