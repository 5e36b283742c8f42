import { toBytes } from './typed.ts'

/** 32-bit numbers that grow by doubling: a list of a million JavaScript numbers would be copied and boxed. */
export class Growing {
  #numbers = new Uint32Array(1 << 12)
  #length = 0

  /** Numbers added so far. */
  get length(): number {
    return this.#length
  }

  add(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Uint32Array(this.#length * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[this.#length++] = value
  }

  /** A view, good until the next number is added. */
  numbers(): Uint32Array {
    return this.#numbers.subarray(0, this.#length)
  }

  bytes(): Uint8Array {
    return toBytes(this.numbers())
  }
}
