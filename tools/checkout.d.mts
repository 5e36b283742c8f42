export const checkoutFolder: string
export function pinnedNode(): string
export function ensureInstalled(log?: (line: string) => void): Promise<boolean>
export function ensureBuilt(log?: (line: string) => void): Promise<boolean>
export function exitCodeOf(
  code: number | null,
  signal: NodeJS.Signals | null,
  tell?: (line: string) => void,
): number
