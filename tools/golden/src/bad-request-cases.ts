// SPDX-License-Identifier: Apache-2.0
// Makes tables of well-framed requests whose fields or bodies are bad.

import type { BadCase, Target } from './bad-input.ts'
import { jsonRequest } from './frames.ts'

/** Header fields; undefined leaves a field out. */
export type Fields = Readonly<Record<string, string | undefined>>

/** A case on a fresh connection. */
export type RequestCase = Omit<BadCase, 'connection'>

/** One case per member of `changes`, which replaces or (undefined) removes fields of `usual`. */
export function cases(
  target: Target,
  code: number,
  usual: Fields,
  changes: Readonly<Record<string, Fields>>,
  body?: string | Uint8Array,
): RequestCase[] {
  return Object.entries(changes).map(([name, fields]) => ({
    name: `${code}: ${name}`,
    target,
    bytes: jsonRequest(code, { ...usual, ...fields }, body),
  }))
}

/** One case per field of `usual`, each without that field. */
export function withoutEach(
  target: Target,
  code: number,
  usual: Fields,
  body?: string,
): RequestCase[] {
  const changes = Object.keys(usual).map((name) => [`${name} missing`, { [name]: undefined }])
  return [
    { name: `${code}: all fields missing`, target, bytes: jsonRequest(code, {}, body) },
    ...cases(target, code, usual, Object.fromEntries(changes) as Record<string, Fields>, body),
  ]
}

/** One case per body. */
export function bodies(
  target: Target,
  code: number,
  fields: Fields,
  contents: Readonly<Record<string, string | Uint8Array | undefined>>,
): RequestCase[] {
  return Object.entries(contents).map(([name, body]) => ({
    name: `${code}: ${name}`,
    target,
    bytes: jsonRequest(code, fields, body),
  }))
}
