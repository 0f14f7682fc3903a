// SPDX-License-Identifier: Apache-2.0
// Loads what each server says it does not serve, and why.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

export interface UnsupportedCode {
  readonly code: number
  readonly name: string
  readonly package: string
  readonly reason: string
}

/** Reads `handlers/unsupported.ts` of the named packages, as far as they have one; sorted by code. */
export async function loadUnsupported(
  root: string,
  names: readonly string[],
): Promise<UnsupportedCode[]> {
  const found: UnsupportedCode[] = []
  for (const name of names) {
    const file = path.join(root, `packages/${name}/src/handlers/unsupported.ts`)
    if (!existsSync(file)) continue
    const { unsupported } = (await import(pathToFileURL(file).href)) as {
      unsupported: readonly { reason: string; codes: Readonly<Record<number, string>> }[]
    }
    for (const { reason, codes } of unsupported) {
      for (const [code, codeName] of Object.entries(codes)) {
        found.push({ code: Number(code), name: codeName, package: name, reason })
      }
    }
  }
  return found.sort((a, b) => a.code - b.code)
}
