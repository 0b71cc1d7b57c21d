const kept = new Map<string, Uint32Array>()

/** The numbers below `count` in an order that looks random and is the same in every run. */
function shuffle(count: number, seed: number): Uint32Array {
  const name = `${count} ${seed}`
  const found = kept.get(name) ?? make(count, seed)
  kept.set(name, found)
  return found
}

/** The turn of a user and of a number, in orders of their own: neighbours of one are not neighbours of the other. */
export function somewhere(population: number, index: number): { user: number; number: number } {
  const at = index % population
  return { user: shuffle(population, 1)[at] ?? 0, number: shuffle(population, 2)[at] ?? 0 }
}

/** Fisher and Yates. */
function make(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  const random = generate(seed)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [a = 0, b = 0] = [order[last], order[other]]
    order[last] = b
    order[other] = a
  }
  return order
}

/** Mulberry32: plenty for an order of things. */
function generate(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
