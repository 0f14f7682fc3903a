// SPDX-License-Identifier: Apache-2.0
// Request codes by number, for those who look at frames they did not ask for.
import type { FieldTable, RequestType } from '../protocol/schema.ts'
import * as requests from '../requests/index.ts'

/** A request code with both header tables, its record types forgotten. */
export interface KnownRequest {
  readonly code: number
  readonly name: string
  readonly request: FieldTable<Record<string, unknown>>
  readonly response: FieldTable<Record<string, unknown>>
}

function isRequestType(value: unknown): value is RequestType<never, never> {
  return typeof value === 'object' && value !== null && 'code' in value && 'request' in value
}

const byCode: ReadonlyMap<number, KnownRequest> = new Map(
  Object.values<unknown>(requests)
    .filter(isRequestType)
    .map((type) => [type.code, type as unknown as KnownRequest]),
)

/** Undefined for codes that have no schema. */
export function knownRequest(code: number): KnownRequest | undefined {
  return byCode.get(code)
}

/** Java's name of a request code, `REQUEST_<code>` when there is none. */
export function requestCodeName(code: number): string {
  return byCode.get(code)?.name ?? `REQUEST_${code}`
}
