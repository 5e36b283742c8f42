/**
 * Where the in-app picker stood last, for reading and for writing: evidence is brought in from one place and reports go to another. Kept as
 * long as the page is open, and nowhere else: a path of evidence is nobody's preference.
 */
export const lastFolders = new Map<'read' | 'write', string>()
