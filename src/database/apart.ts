/**
 * What a piece of work looks at or changes, and others may change as well, by names. Whoever says so promises to run kept
 * statements alone, to ask before it changes anything, and to wait for nothing that it changes.
 */
export type Touches = readonly string[]

/** Those that touch nothing in common: done side by side, they end as they would one after the other. */
export function findApart<Piece extends { touches?: Touches | undefined }>(pieces: readonly Piece[]): Set<Piece> {
  const touched = new Set<string>()
  const isApart = ({ touches }: Piece) => {
    if (!touches || touches.some((name) => touched.has(name))) return false
    for (const name of touches) touched.add(name)
    return true
  }
  return new Set(pieces.filter(isApart))
}
