/**
 * Numbers that are a function of (seed, stream, index): any record of any file can be made again without holding
 * the others. The generator is sfc32 (Chris Doty-Humphrey, PractRand; 128 bits of state), the mixing steps are
 * Austin Appleby's fmix32 (MurmurHash3), both in the public domain.
 */
export interface Random {
  /** Goes to the first number of an index of this stream. */
  seek(index: number): void
  /** A number from 0 to 2^32 - 1. */
  next(): number
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number
}

const warmUpRounds = 12

/** Opens a stream of random numbers; streams of different names do not depend on each other. */
export function openRandom(seed: number, stream: string): Random {
  const name = `${seed}/${stream}`
  const [keyA, keyB] = [hashText(name, 0x811c9dc5), hashText(name, 0x01000193)]
  let [a, b, c, counter] = [keyA, keyB, 0, 1]

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  return {
    seek(index) {
      a = keyA
      b = keyB
      c = mix32(index)
      counter = 1
      for (let round = 0; round < warmUpRounds; round++) next()
    },
    next,
    below: (limit) => Math.floor((next() / 0x1_0000_0000) * limit),
  }
}

/** Mixes 32 bits one to one: different numbers give different results (fmix32). */
export function mix32(value: number): number {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** A 32-bit key of a text (FNV-1a with a start of its own, then mixed). */
export function hashText(text: string, start = 0x811c9dc5): number {
  let hash = start
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return mix32(hash)
}

/** One of a list, which must not be empty. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.below(items.length)] as Item
}
