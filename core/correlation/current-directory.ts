/** The current directory a process start names in its detail (`...; CurrentDirectory: C:\x\; ...`), if it does. */
export const currentDirectory = (detail: string | undefined): string | undefined =>
  /(?:^|; )CurrentDirectory: ([a-z]:\\[^;]*|\\\\[^;]+)/i.exec(detail ?? '')?.[1]?.trim()
