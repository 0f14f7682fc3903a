// SPDX-License-Identifier: Apache-2.0
// The shape of frames recorded from the Java classes, and how their JSON is read.

/** One frame, with what went into it. */
export interface GoldenCase {
  readonly name: string
  readonly code: number
  readonly opaque: number
  readonly flag: number
  readonly language: string
  readonly version: number
  readonly remark: string | null
  /** Every field Java's header class has, as text; null was left out. */
  readonly fields: Readonly<Record<string, string | null>>
  readonly bodyHex: string | null
  readonly json: GoldenFrame & { readonly headerText: string }
  /** Absent where the code does not fit the binary header. */
  readonly binary?: GoldenFrame
}

/** The bytes of one encoding. */
export interface GoldenFrame {
  readonly hex: string
  /** Present where Java reads its own bytes back as something else. */
  readonly javaReads?: {
    readonly remark?: string | null
    readonly values?: Readonly<Record<string, unknown>>
    readonly error?: string
  }
}

/** A field as the Java header class declares it. */
export interface GoldenField {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly declaredIn: string
  /** What a new header has in this field, as text: what an absent one reads as. */
  readonly initial: string | null
}

/** One direction of a request code. */
export interface GoldenSide {
  readonly headerClass: string | null
  readonly declared: readonly GoldenField[]
  readonly cases: readonly GoldenCase[]
}

/** All that is recorded of a request code. */
export interface GoldenRequest {
  readonly code: number
  readonly name: string
  readonly request: GoldenSide
  readonly response: GoldenSide
}

/** Recorded request codes by name, from the texts of their files. */
export function goldenRequests(texts: Iterable<string>): ReadonlyMap<string, GoldenRequest> {
  const requests = new Map<string, GoldenRequest>()
  for (const text of texts) {
    const request = JSON.parse(text) as GoldenRequest
    requests.set(request.name, request)
  }
  return requests
}
