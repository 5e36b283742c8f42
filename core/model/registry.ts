/** Turns a glob of default exports into a frozen list, sorted by id; two files with one id stop the start. */
export function collect<T extends { readonly id: string }>(
  modules: Readonly<Record<string, T>>,
): readonly T[] {
  const seen = new Map<string, string>()
  for (const [path, item] of Object.entries(modules)) {
    const other = seen.get(item.id)
    if (other !== undefined) throw new Error(`Two extensions share the id "${item.id}": ${other} and ${path}`)
    seen.set(item.id, path)
  }
  return Object.freeze(Object.values(modules).sort((a, b) => (a.id < b.id ? -1 : 1)))
}
