// SPDX-License-Identifier: Apache-2.0
// Turns a described body into bytes and back.
import { parseJavaJson } from '../java-json/parse.ts'
import { readShape, type Shape } from '../java-json/shape.ts'
import { writeJavaJson, type JsonForm } from '../java-json/write.ts'

/** @throws {JavaJsonError} naming the body and the place in it that does not fit. */
export function decodeBody<T>(name: string, shape: Shape<T>, bytes: Uint8Array): T {
  return readShape(name, shape, parseJavaJson(bytes))
}

/** UTF-8 of the body as Java writes it; `pretty` is the form of the tables on disk. */
export function encodeBody<T>(shape: Shape<T>, body: T, form: JsonForm = 'compact'): Uint8Array {
  return Buffer.from(writeJavaJson(shape.write(body), form), 'utf8')
}
