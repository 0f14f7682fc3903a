// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/remoting/java-json.
export { parseJavaJson, type ParseLimits } from './parse.ts'
export { prettyJavaJson, writeJavaJson, type JsonForm } from './write.ts'
export { JavaArray, JavaDouble, javaLong, JavaJsonError, JavaMap, type JavaLong } from './values.ts'
export {
  base64,
  bool,
  double,
  initially,
  int32,
  list,
  long,
  longArray,
  mapOf,
  nameOrAbsent,
  named,
  offset,
  oneOf,
  optional,
  pairsOf,
  readShape,
  record,
  required,
  text,
  type FieldShape,
  type Shape,
} from './shape.ts'
