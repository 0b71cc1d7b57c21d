const cache = new Map<string, Uint32Array>()

/** A permutation of 0 to `count` - 1, the same in every run. */
function shuffle(count: number, seed: number): Uint32Array {
  const name = `${count} ${seed}`
  const found = cache.get(name) ?? fisherYates(count, seed)
  cache.set(name, found)
  return found
}

/** Users and numbers are permuted independently, so that neighbouring users do not get neighbouring numbers. */
export function shuffledPair(population: number, index: number): { user: number; number: number } {
  const at = index % population
  return { user: shuffle(population, 1)[at] ?? 0, number: shuffle(population, 2)[at] ?? 0 }
}

function fisherYates(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  const random = mulberry32(seed)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [a = 0, b = 0] = [order[last], order[other]]
    order[last] = b
    order[other] = a
  }
  return order
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
