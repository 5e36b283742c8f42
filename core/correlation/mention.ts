/**
 * A process that no start event tells of, but others name, ran on the endpoint that names it: said once for all rules that
 * came upon it, under the rule whose texts these are (`process.mentioned`).
 */
export const MENTION = { rule: 'process.mentioned', reason: 'mention', confidence: 0.95 } as const
