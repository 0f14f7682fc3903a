// SPDX-License-Identifier: Apache-2.0
// Ledger lines of our client's drivers, in the form that the Java drivers write.

import { createHash } from 'node:crypto'
import { openSync, writeSync } from 'node:fs'

/** The first 128 bits of SHA-256, in hexadecimal. */
export function bodyHash(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32)
}

/** Appends to a ledger file; every line is with the kernel when the call returns. */
export class LedgerWriter {
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  line(...columns: readonly (string | number | undefined)[]): void {
    const plain = columns.map((column) => String(column ?? '').replaceAll(/[\t\n\r]/g, ' '))
    writeSync(this.#file, `${plain.join('\t')}\n`)
  }
}
