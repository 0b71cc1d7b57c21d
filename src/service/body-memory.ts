/** Bounds the memory that the bodies of requests take, those still arriving and those of requests under way. */

/** The memory of one body. */
export interface BodyAllotment {
  /** Counts bytes that arrived. To make room, the bodies that began to arrive longest ago are dropped, maybe this one. */
  grow(bytes: number): void
  /** The body is whole, and not dropped from now on. */
  complete(): void
  free(): void
}

export interface BodyMemory {
  /** @param drop called at most once, if the body must go before it is whole */
  allot(drop: () => void): BodyAllotment
}

interface Allotted {
  bytes: number
  drop(): void
}

export function createBodyMemory(bytesAtMost: number): BodyMemory {
  const arriving = new Set<Allotted>()
  let used = 0
  const free = (body: Allotted) => {
    arriving.delete(body)
    used -= body.bytes
    body.bytes = 0
  }
  const makeRoom = () => {
    for (const oldest of arriving) {
      if (used <= bytesAtMost) return
      free(oldest)
      oldest.drop()
    }
  }
  return {
    allot(drop) {
      const body: Allotted = { bytes: 0, drop }
      arriving.add(body)
      return {
        grow(bytes) {
          body.bytes += bytes
          used += bytes
          makeRoom()
        },
        complete: () => void arriving.delete(body),
        free: () => free(body),
      }
    },
  }
}
