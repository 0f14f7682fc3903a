// SPDX-License-Identifier: Apache-2.0
// A first-in first-out queue in one array: no node per item, no shifting.

/** Grows by doubling and never shrinks below its first size; memory is let go when it empties. */
export class Ring<T> {
  #items: (T | undefined)[] = new Array<T | undefined>(firstSlots)
  #head = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(item: T): void {
    if (this.#length === this.#items.length) this.#grow()
    this.#items[(this.#head + this.#length) & (this.#items.length - 1)] = item
    this.#length++
  }

  /** Takes the oldest item, or undefined when there is none. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#items.length - 1)
    if (--this.#length === 0 && this.#items.length > keptSlots) {
      this.#items = new Array<T | undefined>(firstSlots)
      this.#head = 0
    }
    return item
  }

  /** The item `position` places behind the oldest, without taking it. */
  peek(position = 0): T | undefined {
    if (position >= this.#length) return undefined
    return this.#items[(this.#head + position) & (this.#items.length - 1)]
  }

  clear(): void {
    this.#items = new Array<T | undefined>(firstSlots)
    this.#head = 0
    this.#length = 0
  }

  #grow(): void {
    const larger = new Array<T | undefined>(this.#items.length * 2)
    for (let index = 0; index < this.#length; index++) larger[index] = this.peek(index)
    this.#items = larger
    this.#head = 0
  }
}

// Powers of two, so that positions wrap with a mask.
const firstSlots = 16
const keptSlots = 1024
